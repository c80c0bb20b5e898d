// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.attestation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.realmesh.proto.attestation.v1.AttestationResult;
import dev.realmesh.proto.attestation.v1.ListResultsRequest;
import dev.realmesh.storage.Database;
import dev.realmesh.storage.Postgresql;
import dev.realmesh.storage.StorageException;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// The database goes away, or its disk is full: nothing is answered that is not stored, and the service goes on by
/// itself.
@Timeout(120)
class StorageFailuresTest {
    @TempDir
    private Path folder;

    @Test
    void failsClosedWhileItsDatabaseIsAwayAndGoesOnOnceItIsBack() {
        try (Postgresql server = Postgresql.start();
                ServiceFixture service = ServiceFixture.open(
                                ServiceFixture.config(folder, List.of(), Optional.of(server.newDatabase())),
                                InstantSource.system())
                        .provisioned()) {
            String before = service.appraise("good-399").getResult().getResultId();
            server.down();
            requireUnavailable(service);
            server.up();

            String after = firstAnswer(service);

            assertThat(results(service)).containsExactly(after, before);
        }
    }

    @Test
    void aFullDiskLosesNothingThatIsStored() {
        Path file = folder.resolve("full.db");
        List<Integer> stored = new ArrayList<>();
        try (Database full =
                Database.openSqlite(folder.resolve("full.db?max_page_count=64"), AttestationService.MIGRATIONS)) {
            assertThatThrownBy(() -> {
                        for (int i = 0; i < 1000; i++) {
                            insert(full, i);
                            stored.add(i);
                        }
                    })
                    .isInstanceOf(StorageException.class)
                    .hasStackTraceContaining("SQLITE_FULL");
            assertThat(numbers(full)).isEqualTo(stored).isNotEmpty();
        }
        try (Database room = Database.openSqlite(file, AttestationService.MIGRATIONS)) {
            insert(room, stored.size());
            stored.add(stored.size());

            assertThat(numbers(room)).isEqualTo(stored);
            assertThat(query(room, "PRAGMA integrity_check")).containsExactly("ok");
        }
    }

    @Test
    void saysThatItsDiskIsFullUntilThereIsRoom() throws SQLException {
        Path file = folder.resolve("full.db");
        try (Database full = Database.openSqlite(
                        folder.resolve("full.db?max_page_count=64"), AttestationService.MIGRATIONS);
                Connection besides = DriverManager.getConnection("jdbc:sqlite:" + file);
                Statement statement = besides.createStatement()) {
            statement.execute("CREATE TABLE others (content BLOB)");
            statement.execute("INSERT INTO others VALUES (zeroblob(4096 * 34))");
            assertThat(full.problem()).isEmpty();
            assertThatThrownBy(() -> IntStream.range(0, 64).forEach(i -> insert(full, i)))
                    .hasStackTraceContaining("SQLITE_FULL");
            int stored = numbers(full).size();

            assertThat(full.problem()).hasValue("cannot be written");
            assertThat(full.problem()).hasValue("cannot be written");
            statement.execute("DELETE FROM others");
            assertThat(full.problem()).isEmpty();
            assertThat(query(full, "SELECT name FROM sqlite_schema WHERE name = 'trial'"))
                    .isEmpty();
            assertThat(numbers(full)).hasSize(stored);
        }
    }

    /// A connection that was used just before may be tried once more before the pool finds that it is dead.
    private static String firstAnswer(ServiceFixture service) {
        while (true) {
            try {
                return service.appraise("good-399").getResult().getResultId();
            } catch (StatusRuntimeException e) {
                assertThat(e.getStatus().getCode()).isEqualTo(Status.Code.UNAVAILABLE);
            }
        }
    }

    private static void requireUnavailable(ServiceFixture service) {
        assertThatThrownBy(() -> service.appraise("good-399"))
                .isInstanceOfSatisfying(
                        StatusRuntimeException.class,
                        e -> assertThat(e.getStatus().getCode()).isEqualTo(Status.Code.UNAVAILABLE));
    }

    private static List<String> results(ServiceFixture service) {
        return service.attestation().listResults(ListResultsRequest.getDefaultInstance()).getResultsList().stream()
                .map(AttestationResult::getResultId)
                .toList();
    }

    private static void insert(Database database, int number) {
        database.write("insert", connection -> {
            try (Statement statement = connection.createStatement()) {
                return statement.executeUpdate("INSERT INTO result (result_id, issued_at, realm_id, status, challenge,"
                        + " rim, rpv, implementation_id, instance_id, ear, evidence) VALUES ('" + number
                        + "', 0, '', 0, '', '', '', '', '', '', zeroblob(4000))");
            }
        });
    }

    private static List<Integer> numbers(Database database) {
        return query(database, "SELECT result_id FROM result ORDER BY sequence").stream()
                .map(Integer::valueOf)
                .toList();
    }

    private static List<String> query(Database database, String sql) {
        return database.read("query", connection -> {
            try (Statement statement = connection.createStatement();
                    ResultSet rows = statement.executeQuery(sql)) {
                List<String> found = new ArrayList<>();
                while (rows.next()) {
                    found.add(rows.getString(1));
                }
                return found;
            }
        });
    }
}
