// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.attestation.veraison;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.realmesh.attestation.AttestationService;
import dev.realmesh.attestation.AttestationServiceConfig;
import dev.realmesh.attestation.ServiceFixture;
import dev.realmesh.attestation.appraisal.AppraisalMode;
import dev.realmesh.attestation.coco.CocoConfig;
import dev.realmesh.attestation.coco.TokenKeys;
import dev.realmesh.attestation.rest.RestConfig;
import dev.realmesh.cca.corim.CorimProfile;
import dev.realmesh.proto.attestation.v1.AttestationStatus;
import dev.realmesh.proto.attestation.v1.ListResultsRequest;
import dev.realmesh.proto.coco.attestation.AttestationRequest;
import dev.realmesh.proto.coco.attestation.AttestationServiceGrpc;
import dev.realmesh.proto.coco.attestation.IndividualAttestationRequest;
import dev.realmesh.testkit.Vectors;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// A service in front of another verifier, which is one of ours behind Veraison's API.
@Timeout(120)
class VeraisonBackendTest {
    @TempDir
    private Path folder;

    private AttestationService verifier;
    private int port;
    private ServiceFixture service;

    @BeforeEach
    void start() throws IOException {
        verifier = verifier(0);
        port = verifier.restPort().orElseThrow();
        Path state = folder.resolve("verifier");
        Path authorization = Files.writeString(
                folder.resolve("authorization"), "Bearer " + Files.readString(state.resolve("admin.token")));
        URI uri = URI.create("http://127.0.0.1:" + port);
        VeraisonConfig veraison = new VeraisonConfig(
                uri,
                Optional.of(uri),
                state.resolve(AttestationService.SIGNER_FILE),
                Optional.empty(),
                Optional.of(authorization),
                Duration.ofSeconds(10),
                2);
        service = ServiceFixture.open(
                new AttestationServiceConfig(
                        folder.resolve("service"),
                        List.of(),
                        List.of(),
                        AppraisalMode.STRICT,
                        64,
                        Optional.empty(),
                        Optional.empty(),
                        Optional.of(veraison),
                        CocoConfig.withDefaults(),
                        Optional.of(RestConfig.loopback(0)),
                        Optional.empty()),
                InstantSource.system());
    }

    @AfterEach
    void stop() {
        service.close();
        verifier.close();
    }

    private AttestationService verifier(int at) {
        return AttestationService.open(
                new AttestationServiceConfig(
                        folder.resolve("verifier"),
                        List.of(),
                        List.of(),
                        AppraisalMode.VERAISON_COMPATIBLE,
                        64,
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        CocoConfig.withDefaults(),
                        Optional.of(RestConfig.loopback(at)),
                        Optional.empty()),
                InstantSource.system());
    }

    @Test
    void answersWhatTheVerifierAnswers() {
        service.provisioned();

        var answer = service.appraise("good-399");

        assertThat(answer.getResult().getStatus()).isEqualTo(AttestationStatus.ATTESTATION_STATUS_AFFIRMING);
        assertThat(service.service().signingKey()).isEqualTo(verifier.signingKey());
        assertThat(service.appraise("realm-sig-flipped").getResult().getStatus())
                .isEqualTo(AttestationStatus.ATTESTATION_STATUS_CONTRAINDICATED);
        assertThat(service.attestation()
                        .listResults(ListResultsRequest.getDefaultInstance())
                        .getResultsCount())
                .isEqualTo(2);
    }

    @Test
    void leavesPoliciesToTheVerifier() throws IOException, InterruptedException {
        String own = "http://127.0.0.1:" + service.service().restPort().orElseThrow();
        try (HttpClient client = HttpClient.newHttpClient()) {
            for (String path : List.of("/management/v1/policies/ARM_CCA", "/.well-known/veraison/management")) {
                HttpRequest request =
                        HttpRequest.newBuilder(URI.create(own + path)).build();
                assertThat(client.send(request, HttpResponse.BodyHandlers.discarding())
                                .statusCode())
                        .isEqualTo(404);
            }
        }
    }

    @Test
    void tokenForATrusteeHasTheVerifiersVerdictAndIsSignedHere() throws IOException {
        service.provisioned();

        String token = evaluate("good-399");

        assertThat(TokenKeys.of(Files.readString(folder.resolve("service").resolve(AttestationService.TOKEN_KEYS_FILE)))
                        .signed(token))
                .isTrue();
        assertThat(new String(Base64.getUrlDecoder().decode(token.split("\\.")[1]), StandardCharsets.UTF_8))
                .contains("\"ear.status\":\"affirming\"")
                .contains("\"report_data\":\"" + ServiceFixture.NONCE.hex() + "\"");
        assertThatThrownBy(() -> evaluate("realm-sig-flipped"))
                .isInstanceOfSatisfying(
                        StatusRuntimeException.class,
                        e -> assertThat(e.getStatus().getCode()).isEqualTo(Status.Code.PERMISSION_DENIED));
        verifier.close();
        assertThatThrownBy(() -> evaluate("good-399"))
                .isInstanceOfSatisfying(
                        StatusRuntimeException.class,
                        e -> assertThat(e.getStatus().getCode()).isEqualTo(Status.Code.UNAVAILABLE));
    }

    private String evaluate(String token) {
        List<Integer> numbers = new ArrayList<>();
        for (byte octet : Vectors.bytes("attestation/tokens/" + token + ".cbor")) {
            numbers.add(octet & 0xff);
        }
        Base64.Encoder base64 = Base64.getUrlEncoder().withoutPadding();
        return AttestationServiceGrpc.newBlockingStub(service.channel())
                .attestationEvaluate(AttestationRequest.newBuilder()
                        .addVerificationRequests(IndividualAttestationRequest.newBuilder()
                                .setTee("cca")
                                .setEvidence(base64.encodeToString(
                                        ("{\"token\":" + numbers + "}").getBytes(StandardCharsets.UTF_8)))
                                .setRawRuntimeData(base64.encodeToString(ServiceFixture.NONCE.toByteArray())))
                        .build())
                .getAttestationToken();
    }

    @Test
    void takesNoEndorsementsThatTheVerifierDoesNotTake() {
        verifier.close();
        assertThatThrownBy(() -> service.submit("up-cca-realm-valid", CorimProfile.REALM))
                .hasMessageContaining("FAILED_PRECONDITION: Veraison, http://127.0.0.1:" + port);
        verifier = verifier(port);
        service.submit("up-cca-realm-valid", CorimProfile.REALM);
        assertThatThrownBy(() -> service.submit("up-cca-realm-valid", CorimProfile.REALM))
                .hasMessageContaining("ALREADY_EXISTS");
    }

    @Test
    void failsWhileTheVerifierIsAwayAndRecovers() {
        service.provisioned();
        verifier.close();
        assertThatThrownBy(() -> service.appraise("good-399"))
                .isInstanceOfSatisfying(
                        StatusRuntimeException.class,
                        e -> assertThat(e.getStatus().getCode()).isEqualTo(Status.Code.UNAVAILABLE));

        verifier = verifier(port);
        assertThat(service.appraise("good-399").getResult().getStatus())
                .isEqualTo(AttestationStatus.ATTESTATION_STATUS_AFFIRMING);
    }
}
