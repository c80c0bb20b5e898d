// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.keybroker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.realmesh.keybroker.resource.ResourceException;
import dev.realmesh.keybroker.vault.VaultConfig;
import dev.realmesh.keybroker.vault.VaultUnderTest;
import dev.realmesh.mesh.health.HealthCheck;
import dev.realmesh.proto.keybroker.v1.ListVersionsRequest;
import dev.realmesh.proto.keybroker.v1.RotateMasterKeyRequest;
import io.grpc.Status;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A whole broker whose secrets are in Vault, or whose master key Vault's transit engine wraps.
class BrokerWithVaultTest {
    private static final String KEY = "default/key/k1";
    private static final Optional<VaultConfig.Transit> TRANSIT =
            Optional.of(new VaultConfig.Transit("transit", "realmesh"));

    @TempDir
    Path folder;

    private final VaultUnderTest vault = new VaultUnderTest(new ManualClock());

    @AfterEach
    void stop() {
        vault.close();
    }

    @Test
    void releasesWhatIsInVault() {
        try (BrokerUnderTest broker = inVault(1)) {
            broker.put(KEY, bytes("in Vault"));

            assertThat(released(broker)).isEqualTo("in Vault");
            assertThat(vault.kv1).containsKey(KEY);
            KeyReleaseTest.refused(
                    Status.Code.FAILED_PRECONDITION,
                    () -> broker.owner()
                            .listVersions(ListVersionsRequest.newBuilder()
                                    .setPath(KEY)
                                    .build()));
            KeyReleaseTest.refused(
                    Status.Code.FAILED_PRECONDITION,
                    () -> broker.owner().rotateMasterKey(RotateMasterKeyRequest.getDefaultInstance()));
        }
    }

    /// A guest that is told 401 gives up; 503 says that it may come again.
    @Test
    void tellsGuestsToComeAgainWhileVaultIsAway() throws Exception {
        try (BrokerUnderTest broker = inVault(2);
                KbsClientUnderTest client = new KbsClientUnderTest(broker)) {
            broker.put(KEY, bytes("in Vault"));
            GuestUnderTest guest = new GuestUnderTest(broker.guest());
            String token = guest.attest(broker.initdata).getEar();
            Map<String, String> bearer = Map.of("Authorization", "Bearer " + token);
            assertThat(client.send("GET", "/kbs/v0/resource/" + KEY, bearer, "").statusCode())
                    .isEqualTo(200);

            vault.seal(true);

            HttpResponse<String> refused = client.send("GET", "/kbs/v0/resource/" + KEY, bearer, "");
            assertThat(refused.statusCode()).isEqualTo(503);
            assertThat(refused.body()).contains("Unavailable", "Vault: is sealed");
            KeyReleaseTest.refused(Status.Code.UNAVAILABLE, () -> guest.get(KEY));
            assertThat(problems(broker)).containsEntry("vault", "is sealed, or not ready");
        }
    }

    @Test
    void aMasterKeyUnderTransitIsNowhereInTheClearAndReleasesGoOnWithoutVault() throws Exception {
        try (BrokerUnderTest broker = underTransit()) {
            broker.put(KEY, bytes("here"));
        }
        assertThat(broker().resolve("master.key")).doesNotExist();
        assertThat(wrapped()).startsWith("vault:v1:");

        try (BrokerUnderTest broker = underTransit()) {
            vault.seal(true);
            assertThat(released(broker)).isEqualTo("here");
            assertThat(problems(broker)).containsEntry("vault", "is sealed, or not ready");
        }
        assertThatThrownBy(this::underTransit)
                .isInstanceOf(ResourceException.VaultAway.class)
                .hasMessageContaining("Vault: is sealed");
        vault.seal(false);
        try (BrokerUnderTest broker = underTransit()) {
            assertThat(released(broker)).isEqualTo("here");
        }
    }

    @Test
    void bothKeysRotate() throws Exception {
        try (BrokerUnderTest broker = underTransit()) {
            broker.put(KEY, bytes("here"));
            String before = wrapped();
            vault.rotateTransitKey();

            var unused = broker.owner().rotateMasterKey(RotateMasterKeyRequest.getDefaultInstance());

            assertThat(wrapped()).startsWith("vault:v2:").isNotEqualTo(before);
            assertThat(released(broker)).isEqualTo("here");
        }
        vault.rotateTransitKey();
        try (BrokerUnderTest broker = underTransit()) {
            assertThat(wrapped()).startsWith("vault:v3:");
            assertThat(released(broker)).isEqualTo("here");
        }
    }

    @Test
    void wrapsAKeyThatWasInTheClearUntilNow() throws Exception {
        try (BrokerUnderTest broker = new BrokerUnderTest(folder)) {
            broker.put(KEY, bytes("here"));
        }
        byte[] clear = Files.readAllBytes(broker().resolve("master.key"));

        vault.seal(true);
        assertThatThrownBy(this::underTransit).isInstanceOf(ResourceException.VaultAway.class);
        assertThat(broker().resolve("master.key")).hasBinaryContent(clear);

        vault.seal(false);
        try (BrokerUnderTest broker = underTransit()) {
            assertThat(released(broker)).isEqualTo("here");
        }
        assertThat(broker().resolve("master.key")).doesNotExist();
        assertThatThrownBy(() -> new BrokerUnderTest(folder))
                .isInstanceOf(ResourceException.Unreadable.class)
                .hasMessageContaining("master key");
    }

    private BrokerUnderTest inVault(int engineVersion) {
        var kv = new VaultConfig.Kv(engineVersion == 1 ? "secret" : "kv", engineVersion);
        return withVault(vault.config(folder, Optional.of(kv), Optional.empty()));
    }

    private BrokerUnderTest underTransit() {
        return withVault(vault.config(folder, Optional.empty(), TRANSIT));
    }

    private BrokerUnderTest withVault(VaultConfig config) {
        return BrokerUnderTest.with(folder, defaults -> defaults.withVault(config));
    }

    private Path broker() {
        return folder.resolve("key-broker");
    }

    private String wrapped() throws IOException {
        return Files.readString(broker().resolve("master.key.wrapped"));
    }

    private static String released(BrokerUnderTest broker) {
        GuestUnderTest guest = new GuestUnderTest(broker.guest());
        var unused = guest.attest(broker.initdata);
        return new String(guest.secret(KEY, broker.broker.identity()), StandardCharsets.UTF_8);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static Map<String, String> problems(BrokerUnderTest broker) throws Exception {
        Map<String, String> problems = new java.util.HashMap<>();
        for (HealthCheck check : broker.broker.healthChecks()) {
            problems.put(check.id(), check.probe().problem().orElse(""));
        }
        return problems;
    }
}
