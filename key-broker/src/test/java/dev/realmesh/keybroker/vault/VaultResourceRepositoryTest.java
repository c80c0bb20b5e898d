// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.keybroker.vault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.realmesh.kbs.ResourcePath;
import dev.realmesh.kbs.SecretBytes;
import dev.realmesh.keybroker.KeyBroker;
import dev.realmesh.keybroker.ManualClock;
import dev.realmesh.keybroker.audit.AuditLog;
import dev.realmesh.keybroker.resource.ResourceException;
import dev.realmesh.keybroker.resource.ResourceRepository;
import dev.realmesh.mesh.state.StateException;
import dev.realmesh.storage.Database;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;

/// Secrets in Vault's KV engines, and what is done about a Vault that is away or that lets the broker in no more.
class VaultResourceRepositoryTest {
    private static final ResourcePath PATH = ResourcePath.parse("default/key/k1");
    private static final JsonMapper JSON = JsonMapper.shared();

    @TempDir
    Path folder;

    private final ManualClock clock = new ManualClock();
    private final VaultUnderTest vault = new VaultUnderTest(clock);
    private Database database;
    private AuditLog audit;
    private VaultConnection connection;

    @BeforeEach
    void open() throws Exception {
        database = Database.openSqlite(Files.createFile(folder.resolve("audit.db")), KeyBroker.MIGRATIONS);
        audit = new AuditLog(database, clock);
        connection = VaultConnection.open(config(2), clock);
    }

    @AfterEach
    void close() {
        connection.close();
        database.close();
        vault.close();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void keepsFindsAndRemovesSecrets(int engineVersion) {
        ResourceRepository resources = resources(engineVersion);
        assertThat(resources.find(PATH)).isEmpty();
        assertThat(resources.list()).isEmpty();

        put(resources, PATH, "one");
        put(resources, PATH, "two");
        put(resources, ResourcePath.parse("default/key/k0"), "other");
        put(resources, ResourcePath.parse("team-a/cert/tls"), "third");

        assertThat(text(resources, PATH)).isEqualTo("two");
        assertThat(resources.list())
                .extracting(ResourcePath::toString)
                .containsExactly("default/key/k0", "default/key/k1", "team-a/cert/tls");
        assertThat(resources.delete(PATH, "admin:a")).isTrue();
        assertThat(resources.delete(PATH, "admin:a")).isFalse();
        assertThat(resources.find(PATH)).isEmpty();
        assertThat(audited())
                .containsExactly(
                        "admin:a PUT default/key/k1",
                        "admin:a PUT default/key/k1",
                        "admin:a PUT default/key/k0",
                        "admin:a PUT team-a/cert/tls",
                        "admin:a DELETE default/key/k1");
    }

    /// Trustee writes an array of numbers; people write text by `vault kv put … data=…`.
    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void readsWhatTrusteeAndPeopleWroteAndWritesAsTrustee(int engineVersion) {
        ResourceRepository resources = resources(engineVersion);
        stored(engineVersion, "default/key/k1", "{\"data\":[0,255,65]}");
        stored(engineVersion, "default/key/k2", "{\"data\":\"grüß\"}");

        assertThat(bytes(resources, PATH)).containsExactly(0, 255, 65);
        assertThat(text(resources, ResourcePath.parse("default/key/k2"))).isEqualTo("grüß");
        put(resources, PATH, "A\u0001");
        assertThat(engineVersion == 1 ? vault.kv1.get("default/key/k1") : vault.newestKv2("default/key/k1"))
                .isEqualTo(JSON.readTree("{\"data\":[65,1]}"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"{}", "{\"data\":[256]}", "{\"data\":[\"a\"]}", "{\"data\":{\"a\":1}}", "{\"value\":\"x\"}"})
    void doesNotGuessWhatIsNoSecret(String document) {
        stored(1, "default/key/k1", document);
        stored(2, "default/key/k1", document);

        for (int engineVersion : List.of(1, 2)) {
            assertThatThrownBy(() -> resources(engineVersion).find(PATH))
                    .isInstanceOf(ResourceException.Unreadable.class)
                    .hasMessageContaining("default/key/k1");
        }
    }

    @Test
    void leavesOutWhatOthersKeepBesideResources() {
        stored(1, "default/key/k1", "{\"data\":\"a\"}");
        stored(1, "top", "{\"data\":\"a\"}");
        stored(1, "deep/er/than/three", "{\"data\":\"a\"}");
        stored(1, "default/key/no name", "{\"data\":\"a\"}");

        assertThat(resources(1).list()).containsExactly(PATH);
    }

    @Test
    void versionsAreTheEnginesOwn() {
        ResourceRepository resources = resources(2);
        put(resources, PATH, "one");
        clock.advance(Duration.ofSeconds(1));
        put(resources, PATH, "two");

        assertThat(resources.versions(PATH))
                .containsExactly(
                        new ResourceRepository.Version(2, clock.instant()),
                        new ResourceRepository.Version(1, clock.instant().minusSeconds(1)));
        assertThat(resources.restore(PATH, 1, "admin:a")).hasValue(3);
        assertThat(text(resources, PATH)).isEqualTo("one");
        assertThat(resources.restore(PATH, 9, "admin:a")).isEmpty();
        vault.deleteNewest("default/key/k1");
        assertThat(resources.versions(PATH))
                .extracting(ResourceRepository.Version::number)
                .containsExactly(2L, 1L);
        assertThat(resources.find(PATH)).isEmpty();
        assertThat(resources.versions(ResourcePath.parse("no/such/key"))).isEmpty();
    }

    @Test
    void engineOfVersionOneHasNoVersions() {
        ResourceRepository resources = resources(1);
        put(resources, PATH, "one");

        assertThatThrownBy(() -> resources.versions(PATH)).isInstanceOf(ResourceException.NoVersions.class);
        assertThatThrownBy(() -> resources.restore(PATH, 1, "admin:a"))
                .isInstanceOf(ResourceException.NoVersions.class);
        assertThat(text(resources, PATH)).isEqualTo("one");
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void ofManyNewSecretsAtOnceOneIsStored(int engineVersion) throws Exception {
        ResourceRepository resources = resources(engineVersion);
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Boolean>> all = Stream.of("a", "b", "c", "d", "e", "f")
                    .map(each -> threads.submit(() -> resources.putNew(PATH, secret(each), "key-provider")))
                    .toList();
            int stored = 0;
            for (Future<Boolean> each : all) {
                stored += each.get() ? 1 : 0;
            }
            assertThat(stored).isEqualTo(1);
        }
        assertThat(audited()).containsExactly("key-provider PUT default/key/k1");
    }

    @Test
    void refusesSecretsOfNoSize() {
        assertThatThrownBy(() -> put(resources(2), PATH, "")).isInstanceOf(ResourceException.WrongSize.class);
        assertThat(resources(2).list()).isEmpty();
    }

    @Test
    void renewsItsTokenWhenMostOfItsTimeIsOver() {
        connection.renewIfDue();
        assertThat(vault.asked("POST auth/token/renew-self")).isZero();

        for (int i = 0; i < 4; i++) {
            clock.advance(Duration.ofMinutes(21));
            connection.renewIfDue();
        }

        // Twice renewed; then the role's token may not be any more, and another is got, which is renewed again.
        assertThat(vault.asked("POST auth/approle/login")).isEqualTo(2);
        assertThat(resources(2).list()).isEmpty();
    }

    @Test
    void logsInAgainWhenItsTokenEndedBeforeItsTime() {
        put(resources(2), PATH, "one");
        vault.revokeTokens();

        assertThat(text(resources(2), PATH)).isEqualTo("one");
        assertThat(vault.asked("POST auth/approle/login")).isEqualTo(2);
    }

    @Test
    void saysThatVaultIsSealedOrAway() throws Exception {
        ResourceRepository resources = resources(2);
        assertThat(connection.healthCheck().probe().problem()).isEmpty();

        vault.seal(true);
        assertThatThrownBy(() -> resources.find(PATH)).isInstanceOf(ResourceException.VaultAway.class);
        assertThat(connection.healthCheck().probe().problem()).contains("is sealed, or not ready");

        vault.close();
        assertThatThrownBy(() -> put(resources, PATH, "one")).isInstanceOf(ResourceException.VaultAway.class);
        assertThat(connection.healthCheck().probe().problem()).contains("does not answer");
        assertThat(audited()).isEmpty();
    }

    @Test
    void aTokenFromAFileIsAnotherWayIn() {
        VaultConfig byRole = config(1);
        var byToken = new VaultConfig(
                vault.address(),
                Optional.empty(),
                Optional.empty(),
                Optional.of(vault.tokenFile(folder)),
                Optional.empty(),
                byRole.timeout(),
                byRole.kv(),
                Optional.empty());
        try (VaultConnection open = VaultConnection.open(byToken, clock)) {
            assertThat(open.list("secret/").notThere()).isTrue();
        }
    }

    @Test
    void refusesSecretsOfItsOwnThatOthersMayRead() throws Exception {
        VaultConfig config = config(1);
        Path secretId = config.appRole().orElseThrow().secretIdFile();
        Files.setPosixFilePermissions(secretId, PosixFilePermissions.fromString("rw-r--r--"));

        assertThatThrownBy(() -> VaultConnection.open(config, clock)).isInstanceOf(StateException.Exposed.class);
    }

    @Test
    void aRoleThatVaultDoesNotKnowStopsTheStart() throws Exception {
        VaultConfig config = config(1);
        Files.writeString(config.appRole().orElseThrow().secretIdFile(), "wrong");

        assertThatThrownBy(() -> VaultConnection.open(config, clock))
                .isInstanceOf(ResourceException.VaultAway.class)
                .hasMessageContaining("refuses");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"http://vault.example:8200", "vault.example", "https://user@vault", "https://v/path", "ftp://v"})
    void refusesAddressesInTheClearOffLoopback(String address) {
        VaultConfig config = config(1);
        assertThatThrownBy(() -> new VaultConfig(
                        address,
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        config.appRole(),
                        config.timeout(),
                        config.kv(),
                        Optional.empty()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("address: ");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "/secret", "secret/", "a/../b", "a b", "?x"})
    void refusesMountsThatAreNoPaths(String mount) {
        assertThatThrownBy(() -> new VaultConfig.Kv(mount, 1)).isInstanceOf(IllegalArgumentException.class);
    }

    private VaultConfig config(int engineVersion) {
        return vault.config(folder, Optional.of(kv(engineVersion)), Optional.empty());
    }

    private static VaultConfig.Kv kv(int engineVersion) {
        return new VaultConfig.Kv(engineVersion == 1 ? "secret" : "kv", engineVersion);
    }

    private ResourceRepository resources(int engineVersion) {
        return new VaultResourceRepository(connection, kv(engineVersion), audit, database);
    }

    private void stored(int engineVersion, String path, String document) {
        if (engineVersion == 1) {
            vault.kv1.put(path, JSON.readTree(document));
        } else {
            vault.putKv2(path, JSON.readTree(document));
        }
    }

    private static SecretBytes secret(String text) {
        return SecretBytes.copyOf(text.getBytes(StandardCharsets.UTF_8));
    }

    private static void put(ResourceRepository resources, ResourcePath path, String text) {
        try (SecretBytes secret = secret(text)) {
            resources.put(path, secret, "admin:a");
        }
    }

    private static byte[] bytes(ResourceRepository resources, ResourcePath path) {
        try (SecretBytes secret = resources.find(path).orElseThrow()) {
            return secret.reveal();
        }
    }

    private static String text(ResourceRepository resources, ResourcePath path) {
        return new String(bytes(resources, path), StandardCharsets.UTF_8);
    }

    private List<String> audited() {
        return audit.page(0, 100).stream()
                .map(each -> each.entry().event())
                .map(event -> event.actor() + " " + event.action() + " " + event.subject())
                .toList();
    }
}
