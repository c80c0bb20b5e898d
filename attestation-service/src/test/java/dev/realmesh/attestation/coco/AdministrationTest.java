// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.attestation.coco;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.realmesh.attestation.AttestationServiceConfig;
import dev.realmesh.attestation.ServiceFixture;
import dev.realmesh.mesh.config.Configuration;
import dev.realmesh.proto.coco.attestation.AttestationServiceGrpc;
import dev.realmesh.proto.coco.attestation.SetPolicyRequest;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Map;
import org.assertj.core.api.ThrowableAssert;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Who may call `SetAttestationPolicy`, and what it takes.
class AdministrationTest {
    private static final SetPolicyRequest REGO = policy("default_cpu", "package policy\nimport rego.v1\n");

    @TempDir
    private Path state;

    @Test
    void guardedPolicyTakesTheAdminToken() {
        try (ServiceFixture service =
                ServiceFixture.open(AttestationServiceConfig.withDefaults(state), InstantSource.system())) {
            var stub = AttestationServiceGrpc.newBlockingStub(service.channel());

            assertStatus(Status.Code.UNAUTHENTICATED, "authorization", () -> stub.setAttestationPolicy(REGO));
            assertStatus(
                    Status.Code.FAILED_PRECONDITION,
                    "realmesh attestation policy put",
                    () -> service.asAdmin(stub).setAttestationPolicy(REGO));
        }
    }

    @Test
    void openPolicyTakesNoTokenAndIsStillNotRego() {
        CocoConfig open = new CocoConfig(CocoConfig.Administration.OPEN, 300, "here");
        try (ServiceFixture service = ServiceFixture.open(
                AttestationServiceConfig.withDefaults(state).withCoco(open), InstantSource.system())) {
            var stub = AttestationServiceGrpc.newBlockingStub(service.channel());

            assertStatus(Status.Code.FAILED_PRECONDITION, "Rego", () -> stub.setAttestationPolicy(REGO));
            assertStatus(Status.Code.INVALID_ARGUMENT, "policy_id", () -> stub.setAttestationPolicy(policy("", "x")));
            assertStatus(
                    Status.Code.INVALID_ARGUMENT,
                    "base64url",
                    () -> stub.setAttestationPolicy(
                            REGO.toBuilder().setPolicy("cGFja2FnZQ==").build()));
            assertStatus(
                    Status.Code.INVALID_ARGUMENT,
                    "not text",
                    () -> stub.setAttestationPolicy(
                            REGO.toBuilder().setPolicy("_w").build()));
        }
    }

    @Test
    void configurationIsGuardedUnlessItSaysOtherwise() {
        assertThat(Configuration.parse("", Map.of()).bind("coco", CocoConfig.class))
                .isEqualTo(CocoConfig.withDefaults())
                .satisfies(config -> assertThat(config.administration()).isEqualTo(CocoConfig.Administration.GUARDED));
        assertThat(Configuration.parse(
                                "coco: {administration: open, token-duration-seconds: 60, issuer: here}", Map.of())
                        .bind("coco", CocoConfig.class))
                .isEqualTo(new CocoConfig(CocoConfig.Administration.OPEN, 60, "here"));
    }

    @ParameterizedTest
    @CsvSource({"59, here, token-duration-seconds", "3601, here, token-duration-seconds", "300, ' ', issuer"})
    void configurationThatIsOutOfRangeNamesItsKey(int seconds, String issuer, String key) {
        assertThatThrownBy(() -> new CocoConfig(CocoConfig.Administration.GUARDED, seconds, issuer))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith(key);
    }

    private static SetPolicyRequest policy(String id, String rego) {
        return SetPolicyRequest.newBuilder()
                .setPolicyId(id)
                .setPolicy(RecordedHandshake.base64(rego))
                .build();
    }

    private static void assertStatus(Status.Code code, String message, ThrowableAssert.ThrowingCallable call) {
        assertThatThrownBy(call)
                .hasMessageContaining(message)
                .isInstanceOfSatisfying(
                        StatusRuntimeException.class,
                        e -> assertThat(e.getStatus().getCode()).isEqualTo(code));
    }
}
