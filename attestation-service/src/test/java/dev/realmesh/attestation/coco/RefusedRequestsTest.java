// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.attestation.coco;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.realmesh.attestation.AttestationServiceConfig;
import dev.realmesh.attestation.ServiceFixture;
import dev.realmesh.proto.attestation.v1.ListResultsRequest;
import dev.realmesh.proto.coco.attestation.AttestationRequest;
import dev.realmesh.proto.coco.attestation.AttestationServiceGrpc;
import dev.realmesh.proto.coco.attestation.ChallengeRequest;
import dev.realmesh.proto.coco.attestation.IndividualAttestationRequest;
import dev.realmesh.testkit.Seeds;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Base64;
import java.util.Map;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What Trustee's API refuses before anything is appraised; the status codes are those of the README's table.
class RefusedRequestsTest {
    private static final RecordedHandshake RECORDED = RecordedHandshake.of("rcar-cca.json");

    @TempDir
    private Path state;

    private ServiceFixture service;

    @BeforeEach
    void open() {
        service = ServiceFixture.open(AttestationServiceConfig.withDefaults(state), InstantSource.system());
    }

    @AfterEach
    void close() {
        service.close();
    }

    static Stream<String> notEvidence() {
        return Stream.of(
                "",
                "[]",
                "null",
                "{}",
                "{\"token\": []}",
                "{\"token\": null}",
                "{\"token\": \"2QGP\"}",
                "{\"token\": {\"0\": 217}}",
                "{\"token\": [217, 256]}",
                "{\"token\": [217, -1]}",
                "{\"token\": [217, 1.0]}",
                "{\"token\": [217, \"1\"]}",
                "{\"token\": [217, null]}",
                "{\"token\": [217, 18446744073709551616]}",
                "{\"token\": [217], \"token\": [217]}",
                "{\"token\": [217]} {}",
                "{\"token\": [217",
                "{\"token\": [" + "1,".repeat(64 * 1024) + "1]}",
                "{\"token\": " + "[".repeat(100_000) + "]".repeat(100_000) + "}",
                "{\"token\": [1], \"more\": " + "{\"a\":".repeat(40) + "1" + "}".repeat(40) + "}",
                "{\"token\": [1], \"more\": \"" + "x".repeat(512 * 1024) + "\"}");
    }

    @ParameterizedTest
    @MethodSource("notEvidence")
    void refusesEvidenceThatIsNoArrayOfBytes(String json) {
        assertRefused(
                Status.Code.INVALID_ARGUMENT, RECORDED.verification().setEvidence(RecordedHandshake.base64(json)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"*", "eyJ0b2tlbiI6WzFdfQ==", "eyJ0b2tlbiI6WzFdfQ\n", "eyJ0b2tlbiI6Wzwv+fQ", "A"})
    void refusesEvidenceThatIsNotInBase64Url(String evidence) {
        assertRefused(Status.Code.INVALID_ARGUMENT, RECORDED.verification().setEvidence(evidence));
    }

    @Test
    void refusesBytesThatAreNoToken() {
        var request = RecordedHandshake.request(
                RECORDED.verification().setEvidence(RecordedHandshake.base64("{\"token\": [217, 1, 143]}")));

        assertStatus(Status.Code.PERMISSION_DENIED, () -> evaluate(request));
        assertThat(results()).isEqualTo(1);
    }

    @Test
    void refusesBytesThatAreNoTokenBeforeTheyCouldPassWithoutTheirInitData() {
        assertRefused(
                Status.Code.PERMISSION_DENIED,
                RECORDED.verification()
                        .setEvidence(RecordedHandshake.base64("{\"token\": [217, 1, 143]}"))
                        .setInitDataToml("algorithm = \"sha512\"\nversion = \"0.1.0\"\n[data]\n"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "[]",
                "\"nonce\"",
                "{\"nonce\": \"a\", \"nonce\": \"a\"}",
                "{\"nonce\": \"\\ud800\"}",
                "{\"nonce\": 1e999}",
                "{\"nonce\": \"a\"",
                "{nonce: 1}"
            })
    void refusesRuntimeDataThatIsNoObject(String json) {
        assertRefused(Status.Code.INVALID_ARGUMENT, RECORDED.verification().setStructuredRuntimeData(json));
    }

    @Test
    void refusesRuntimeDataThatIsAbsentOrTooLongOrTooShort() {
        assertRefused(Status.Code.INVALID_ARGUMENT, RECORDED.verification().clearRuntimeData());
        for (int size : new int[] {0, 7, 65, 4096}) {
            assertRefused(
                    Status.Code.INVALID_ARGUMENT,
                    RECORDED.verification()
                            .setRawRuntimeData(
                                    Base64.getUrlEncoder().withoutPadding().encodeToString(new byte[size])));
        }
        assertRefused(
                Status.Code.INVALID_ARGUMENT,
                RECORDED.verification().setStructuredRuntimeData("{\"a\": \"" + "x".repeat(1 << 20) + "\"}"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"sha1", "SHA384", "sha-384", "sm3", " "})
    void refusesOtherHashAlgorithms(String algorithm) {
        assertRefused(Status.Code.INVALID_ARGUMENT, RECORDED.verification().setRuntimeDataHashAlgorithm(algorithm));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "algorithm =", "algorithm = \"md5\"\nversion = \"0.1.0\"\n[data]\n", "[data]\n"})
    void refusesInitDataThatIsNone(String toml) {
        assertRefused(Status.Code.INVALID_ARGUMENT, RECORDED.verification().setInitDataToml(toml));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 20, 33, 63, 65})
    void refusesInitDataDigestsOfOtherSizes(int size) {
        assertRefused(
                Status.Code.INVALID_ARGUMENT,
                RECORDED.verification()
                        .setInitDataDigest(
                                Base64.getUrlEncoder().withoutPadding().encodeToString(new byte[size])));
    }

    @ParameterizedTest
    @ValueSource(strings = {"sample", "snp", "se", "CCA", ""})
    void refusesOtherTees(String tee) {
        assertRefused(Status.Code.UNIMPLEMENTED, RECORDED.verification().setTee(tee));
    }

    @Test
    void refusesNoRequestAndDevicesBesideTheRealm() {
        assertStatus(Status.Code.INVALID_ARGUMENT, () -> evaluate(AttestationRequest.getDefaultInstance()));
        for (String second : new String[] {"cca", "nvidia"}) {
            AttestationRequest both = RECORDED.request().toBuilder()
                    .addVerificationRequests(RECORDED.verification().setTee(second))
                    .build();
            assertStatus(Status.Code.UNIMPLEMENTED, () -> evaluate(both));
        }
    }

    @Test
    void refusesPoliciesThatAreNotThere() {
        AttestationRequest other = RECORDED.request().toBuilder()
                .clearPolicyIds()
                .addPolicyIds("strict")
                .addPolicyIds("default")
                .build();
        assertStatus(Status.Code.NOT_FOUND, () -> evaluate(other));
    }

    @Test
    void challengeOfCcaIsEmptyAndOtherTeesHaveNone() {
        var stub = AttestationServiceGrpc.newBlockingStub(service.channel());
        var cca = ChallengeRequest.newBuilder().putAllInner(Map.of("tee", "cca", "tee_params", "{}"));

        assertThat(stub.getAttestationChallenge(cca.build()).getAttestationChallenge())
                .isEmpty();
        assertStatus(
                Status.Code.UNIMPLEMENTED,
                () -> stub.getAttestationChallenge(cca.putInner("tee", "se").build()));
        assertStatus(
                Status.Code.INVALID_ARGUMENT,
                () -> stub.getAttestationChallenge(
                        ChallengeRequest.newBuilder().putInner("tee", "cca").build()));
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("dev.realmesh.testkit.Seeds#some")
    void mutatedEvidenceJsonNeverBreaksTheService(long seed) {
        RandomGenerator random = Seeds.random(seed);
        byte[] json = "{\"token\":[217,1,143,162],\"more\":{\"a\":[1.5e3,null,true]}}".getBytes(StandardCharsets.UTF_8);
        for (int i = 0; i < 3; i++) {
            json[random.nextInt(json.length)] = (byte) random.nextInt(256);
        }
        var request = RecordedHandshake.request(RECORDED.verification()
                .setEvidence(Base64.getUrlEncoder().withoutPadding().encodeToString(json)));

        assertThatThrownBy(() -> evaluate(request))
                .isInstanceOfSatisfying(
                        StatusRuntimeException.class,
                        e -> assertThat(e.getStatus().getCode())
                                .isIn(Status.Code.INVALID_ARGUMENT, Status.Code.PERMISSION_DENIED));
    }

    private void assertRefused(Status.Code code, IndividualAttestationRequest.Builder verification) {
        assertStatus(code, () -> evaluate(RecordedHandshake.request(verification)));
        assertThat(results()).isZero();
    }

    private int results() {
        return service.attestation()
                .listResults(ListResultsRequest.getDefaultInstance())
                .getResultsCount();
    }

    private String evaluate(AttestationRequest request) {
        return AttestationServiceGrpc.newBlockingStub(service.channel())
                .attestationEvaluate(request)
                .getAttestationToken();
    }

    private static void assertStatus(Status.Code code, ThrowableAssert.ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        StatusRuntimeException.class,
                        e -> assertThat(e.getStatus().getCode()).isEqualTo(code));
    }
}
