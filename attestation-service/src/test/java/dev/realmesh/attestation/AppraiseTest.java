// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.attestation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import dev.realmesh.cca.ear.Ear;
import dev.realmesh.cca.ear.EarException;
import dev.realmesh.cca.ear.EarVerifier;
import dev.realmesh.cca.ear.RelyingParty;
import dev.realmesh.proto.attestation.v1.AppraiseRequest;
import dev.realmesh.proto.attestation.v1.AppraiseResponse;
import dev.realmesh.proto.attestation.v1.AttestationStatus;
import dev.realmesh.proto.attestation.v1.GetResultRequest;
import dev.realmesh.proto.attestation.v1.GetSigningKeyRequest;
import dev.realmesh.proto.attestation.v1.ListResultsRequest;
import dev.realmesh.storage.PostgresqlConfig;
import dev.realmesh.storage.TestDatabase;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/// `AttestationService/Appraise`: evidence that is refused is an answer; what is no evidence, and a verifier that is
/// broken, are errors.
@ParameterizedClass
@EnumSource(TestDatabase.class)
class AppraiseTest {
    @Parameter
    private TestDatabase kind;

    private static final InstantSource CLOCK = InstantSource.fixed(Instant.parse("2026-11-23T12:00:00Z"));

    @TempDir
    private Path state;

    private Optional<PostgresqlConfig> database;
    private ServiceFixture fixture;

    @BeforeEach
    void open() {
        database = kind.fresh();
        fixture = ServiceFixture.open(ServiceFixture.config(state, List.of(), database), CLOCK)
                .provisioned();
    }

    @AfterEach
    void close() {
        fixture.close();
    }

    @Test
    void affirmsEvidenceThatIsAsEndorsed() {
        AppraiseResponse response = fixture.appraise("good-907");

        assertThat(response.getResult().getStatus()).isEqualTo(AttestationStatus.ATTESTATION_STATUS_AFFIRMING);
        assertThat(response.getResult().getEar()).isEqualTo(response.getEar());
        assertThat(response.getResult().getRim().size()).isEqualTo(64);
        assertThat(response.getResult().getIssuedAt().getSeconds())
                .isEqualTo(CLOCK.instant().getEpochSecond());
        Ear ear = relyingParty().requireAffirming(response.getEar(), ServiceFixture.NONCE);
        assertThat(ear.submods()).containsOnlyKeys(Ear.PLATFORM, Ear.REALM);
    }

    @ParameterizedTest
    @CsvSource({
        "nonce-wrong, CONTRAINDICATED, freshness",
        "rim-unknown, WARNING, no reference values",
        "implid-unknown, CONTRAINDICATED, no trust anchor",
        "platform-sig-flipped, CONTRAINDICATED, unable to verify platform token",
        "realm-sig-flipped, CONTRAINDICATED, unable to verify realm token",
        "malformed-truncated, CONTRAINDICATED, could not establish identity",
        "rpv-changed, CONTRAINDICATED, RPV",
        "sw-unknown, WARNING, M1",
        "lifecycle-decommissioned, CONTRAINDICATED, DECOMMISSIONED"
    })
    void answersRefusedEvidenceWithASignedResultThatNobodyReliesOn(String token, String status, String problem) {
        AppraiseRequest.Builder request = ServiceFixture.request(token);
        if (token.equals("nonce-wrong")) {
            request.setChallenge(ByteString.copyFrom(new byte[64]));
        }

        AppraiseResponse response = fixture.attestation().appraise(request.build());

        assertThat(response.getResult().getStatus().name()).endsWith(status);
        assertThat(response.getResult().getSubmodsList())
                .anySatisfy(submod -> assertThat(submod.getProblem()).contains(problem));
        assertThatThrownBy(() -> relyingParty()
                        .requireAffirming(
                                response.getEar(),
                                dev.realmesh.cca.Bytes.copyOf(
                                        request.getChallenge().toByteArray())))
                .isInstanceOf(EarException.class);
        assertThat(fixture.attestation()
                        .getResult(GetResultRequest.newBuilder()
                                .setResultId(response.getResult().getResultId())
                                .build())
                        .getEvidence())
                .isEqualTo(request.getEvidence());
    }

    @ParameterizedTest
    @MethodSource("notEvidence")
    void refusesWhatIsNoEvidenceAndStoresNothing(AppraiseRequest request) {
        assertThatThrownBy(() -> fixture.attestation().appraise(request))
                .isInstanceOfSatisfying(
                        StatusRuntimeException.class,
                        e -> assertThat(e.getStatus().getCode()).isEqualTo(Status.Code.INVALID_ARGUMENT));
        assertThat(fixture.attestation()
                        .listResults(ListResultsRequest.getDefaultInstance())
                        .getResultsList())
                .isEmpty();
    }

    static Stream<AppraiseRequest> notEvidence() {
        AppraiseRequest good = ServiceFixture.request("good-399").build();
        return Stream.of(
                good.toBuilder().clearEvidence().build(),
                good.toBuilder()
                        .setEvidence(ByteString.copyFrom(new byte[64 * 1024 + 1]))
                        .build(),
                good.toBuilder().setMediaType("application/json").build(),
                good.toBuilder()
                        .setMediaType("application/eat-collection; profile=\"other\"")
                        .build(),
                good.toBuilder().clearChallenge().build(),
                good.toBuilder().setChallenge(ByteString.copyFrom(new byte[65])).build(),
                good.toBuilder().setRealmId("r".repeat(64)).build());
    }

    @Test
    void takesTheMediaTypeRegardlessOfCaseAndSpaces() {
        AppraiseRequest request = ServiceFixture.request("good-399")
                .setMediaType("Application/EAT-collection;profile=\"http://arm.com/CCA-SSD/1.0.0\"")
                .build();
        assertThat(fixture.attestation().appraise(request).getResult().getStatus())
                .isEqualTo(AttestationStatus.ATTESTATION_STATUS_AFFIRMING);
    }

    @Test
    void saysThatItIsUnavailableWithoutItsDatabase() {
        fixture.service().close();

        assertThatThrownBy(() -> fixture.appraise("good-399"))
                .isInstanceOfSatisfying(
                        StatusRuntimeException.class,
                        e -> assertThat(e.getStatus().getCode()).isEqualTo(Status.Code.UNAVAILABLE));
    }

    private RelyingParty relyingParty() {
        String jwk = fixture.attestation()
                .getSigningKey(GetSigningKeyRequest.getDefaultInstance())
                .getJwk()
                .toStringUtf8();
        assertThat(jwk).contains("\"alg\":\"ES256\"").doesNotContain("\"d\"");
        return new RelyingParty(List.of(EarVerifier.ofJwk(jwk)), Duration.ofMinutes(5), CLOCK);
    }
}
