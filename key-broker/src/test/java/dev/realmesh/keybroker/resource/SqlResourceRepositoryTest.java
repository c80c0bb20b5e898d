// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.keybroker.resource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.realmesh.kbs.ResourcePath;
import dev.realmesh.kbs.SecretBytes;
import dev.realmesh.keybroker.KeyBroker;
import dev.realmesh.keybroker.ManualClock;
import dev.realmesh.keybroker.audit.AuditLog;
import dev.realmesh.storage.Database;
import dev.realmesh.storage.Postgresql;
import dev.realmesh.storage.StorageException;
import dev.realmesh.testkit.Seeds;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Secrets at rest, and what whoever can write the database can not do.
class SqlResourceRepositoryTest {
    private static final ResourcePath K1 = ResourcePath.parse("default/key/k1");
    private static final ResourcePath K2 = ResourcePath.parse("default/key/k2");

    @TempDir
    Path folder;

    private final byte[] material = MasterKey.newMaterial();
    private Path file;

    @BeforeEach
    void make() throws IOException {
        file = Files.createFile(folder.resolve("resources.db"));
    }

    @ParameterizedTest
    @MethodSource("dev.realmesh.testkit.Seeds#some")
    void behavesAsAMapWhateverIsDoneToIt(long seed) {
        requireMap(Seeds.random(seed), sqlite());
    }

    @ParameterizedTest
    @MethodSource("dev.realmesh.testkit.Seeds#some")
    void behavesSoOnPostgresql(long seed) {
        requireMap(Seeds.random(seed), Database.openPostgresql(Postgresql.freshDatabase(), KeyBroker.MIGRATIONS));
    }

    @Test
    void secretsOutliveTheProcess() {
        try (SqlResourceRepository resources = open()) {
            put(resources, K1, "one");
        }
        try (SqlResourceRepository resources = open()) {
            assertThat(find(resources, K1)).isEqualTo("one");
            assertThat(resources.find(K2)).isEmpty();
        }
    }

    @Test
    void anotherMasterKeyIsRefusedAtTheStart() {
        try (SqlResourceRepository resources = open()) {
            put(resources, K1, "one");
        }

        assertThatThrownBy(() -> open(sqlite(), MasterKey.newMaterial()))
                .isInstanceOf(ResourceException.Unreadable.class);
    }

    @Test
    void secretMovedToAnotherPathIsUnreadable() throws SQLException {
        try (SqlResourceRepository resources = open()) {
            put(resources, K1, "one");
            put(resources, K2, "two");
        }
        execute("UPDATE resource SET wrapped_key = (SELECT wrapped_key FROM resource WHERE path = '" + K1
                + "'), ciphertext = (SELECT ciphertext FROM resource WHERE path = '" + K1 + "') WHERE path = '" + K2
                + "'");

        refusesToRead(K2);
    }

    @Test
    void secretUnderAnotherVersionIsUnreadable() throws SQLException {
        try (SqlResourceRepository resources = open()) {
            put(resources, K1, "one");
        }
        execute("UPDATE resource SET version = version + 1");

        refusesToRead(K1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"wrapped_key", "ciphertext"})
    void alteredOrCutSecretIsUnreadable(String column) throws SQLException {
        for (String value : new String[] {
            "CAST(substr(" + column + ", 1, length(" + column + ") - 1) || x'00' AS BLOB)",
            "substr(" + column + ", 1, 20)",
            "x''"
        }) {
            try (SqlResourceRepository resources = open()) {
                put(resources, K1, "one");
                put(resources, K1, "one again");
            }
            execute("UPDATE resource SET " + column + " = " + value);

            refusesToRead(K1);
        }
    }

    @Test
    void replacedSecretLeavesNoOlderVersion() throws Exception {
        try (SqlResourceRepository resources = open()) {
            put(resources, K1, "one");
            put(resources, K1, "two");
        }

        try (Connection connection = connect();
                Statement statement = connection.createStatement();
                var rows = statement.executeQuery("SELECT version FROM resource")) {
            assertThat(rows.next()).isTrue();
            assertThat(rows.getInt(1)).isEqualTo(2);
            assertThat(rows.next()).isFalse();
        }
    }

    @Test
    void keepsAsManyVersionsAsItIsToldAndRestoresThem() {
        try (SqlResourceRepository resources = open(sqlite(), material, 3)) {
            for (int i = 1; i <= 5; i++) {
                put(resources, K1, "value " + i);
            }
            assertThat(resources.versions(K1).stream().map(ResourceRepository.Version::number))
                    .containsExactly(5L, 4L, 3L);

            assertThat(resources.restore(K1, 3, "admin:test")).hasValue(6);
            assertThat(find(resources, K1)).isEqualTo("value 3");
            assertThat(resources.restore(K1, 1, "admin:test")).isEmpty();
            assertThat(resources.restore(K2, 1, "admin:test")).isEmpty();
            assertThat(resources.versions(K1).stream().map(ResourceRepository.Version::number))
                    .containsExactly(6L, 5L, 4L);
            assertThat(resources.versions(K2)).isEmpty();
        }
    }

    @Test
    void wrapsAnewByTheFirstOfItsMasterKeys() {
        byte[] fresh = MasterKey.newMaterial();
        byte[] ring = Arrays.copyOf(fresh, 64);
        System.arraycopy(material, 0, ring, 32, 32);
        try (SqlResourceRepository resources = open(sqlite(), material, 2)) {
            for (int i = 0; i < 100; i++) {
                put(resources, ResourcePath.parse("a/b/" + i), "value " + i);
            }
        }
        try (SqlResourceRepository resources = open(sqlite(), ring, 2)) {
            put(resources, K1, "under the new one");
            assertThat(find(resources, ResourcePath.parse("a/b/7"))).isEqualTo("value 7");
            resources.wrapAnew();
        }
        try (SqlResourceRepository resources = open(sqlite(), fresh, 2)) {
            for (int i = 0; i < 100; i++) {
                assertThat(find(resources, ResourcePath.parse("a/b/" + i))).isEqualTo("value " + i);
            }
            assertThat(find(resources, K1)).isEqualTo("under the new one");
        }
        assertThatThrownBy(this::open).isInstanceOf(ResourceException.Unreadable.class);
    }

    @Test
    void fileThatIsNoDatabaseIsRefused() throws Exception {
        Files.writeString(file, "no database, but some text that is long enough to be looked at".repeat(40));

        assertThatThrownBy(this::open).isInstanceOf(StorageException.class);
    }

    @Test
    void secretOfWrongSizeIsRefused() {
        try (SqlResourceRepository resources = open()) {
            put(resources, K1, "one");

            assertThatThrownBy(() -> put(resources, K1, "")).isInstanceOf(ResourceException.WrongSize.class);
            assertThatThrownBy(() -> resources.put(K1, SecretBytes.copyOf(new byte[(1 << 20) + 1]), "admin:test"))
                    .isInstanceOf(ResourceException.WrongSize.class);
            assertThat(find(resources, K1)).isEqualTo("one");
        }
    }

    private void requireMap(RandomGenerator random, Database database) {
        Map<ResourcePath, String> expected = new TreeMap<>();
        try (SqlResourceRepository resources = open(database, material)) {
            for (int i = 0; i < 30; i++) {
                ResourcePath path = ResourcePath.parse("a/b/" + random.nextInt(4));
                if (random.nextInt(3) == 0) {
                    assertThat(resources.delete(path, "admin:test")).isEqualTo(expected.remove(path) != null);
                } else {
                    expected.put(path, "value " + i);
                    put(resources, path, "value " + i);
                }
            }
            assertThat(resources.list()).containsExactlyElementsOf(expected.keySet());
            expected.forEach((path, value) -> assertThat(find(resources, path)).isEqualTo(value));
        }
    }

    private void refusesToRead(ResourcePath path) {
        try (SqlResourceRepository resources = open()) {
            assertThatThrownBy(() -> resources.find(path))
                    .isInstanceOf(ResourceException.Unreadable.class)
                    .hasMessageContaining(path.toString());
        }
    }

    private SqlResourceRepository open() {
        return open(sqlite(), material);
    }

    private static SqlResourceRepository open(Database database, byte[] masterKeys) {
        return open(database, masterKeys, 1);
    }

    private static SqlResourceRepository open(Database database, byte[] masterKeys, int keptVersions) {
        ManualClock clock = new ManualClock();
        return SqlResourceRepository.open(
                new SqlResourceRepository.Settings(database, MasterKeys.of(masterKeys), keptVersions),
                new AuditLog(database, clock),
                clock);
    }

    private Database sqlite() {
        return Database.openSqlite(file, KeyBroker.MIGRATIONS);
    }

    private static void put(ResourceRepository resources, ResourcePath path, String secret) {
        resources.put(path, SecretBytes.copyOf(secret.getBytes(StandardCharsets.UTF_8)), "admin:test");
    }

    private static String find(ResourceRepository resources, ResourcePath path) {
        try (SecretBytes secret = resources.find(path).orElseThrow()) {
            return new String(secret.reveal(), StandardCharsets.UTF_8);
        }
    }

    private void execute(String sql) throws SQLException {
        try (Connection connection = connect();
                Statement statement = connection.createStatement()) {
            assertThat(statement.executeUpdate(sql)).isPositive();
        }
    }

    private Connection connect() throws SQLException {
        return DriverManager.getConnection("jdbc:sqlite:" + file);
    }
}
