// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.keybroker.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.realmesh.kbs.KbsException;
import dev.realmesh.kbs.audit.AuditChain;
import dev.realmesh.kbs.audit.AuditEvent;
import dev.realmesh.kbs.audit.AuditEvent.Action;
import dev.realmesh.kbs.audit.AuditEvent.Outcome;
import dev.realmesh.keybroker.KeyBroker;
import dev.realmesh.keybroker.ManualClock;
import dev.realmesh.storage.Database;
import dev.realmesh.storage.TestDatabase;
import java.io.BufferedReader;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/// The log keeps what is recorded, and shows what is done to it.
@Timeout(120)
class AuditLogTest {
    private static final int MANY = 300;

    @TempDir
    Path folder;

    @ParameterizedTest
    @EnumSource
    void keepsWhatManyRecordAtOnceInOneChain(TestDatabase kind) throws Exception {
        try (Database database = open(kind);
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            AuditLog log = new AuditLog(database, new ManualClock());
            List<Future<?>> recording = new ArrayList<>();
            for (int i = 0; i < MANY; i++) {
                AuditEvent event = event(i);
                recording.add(threads.submit(() -> log.record(event)));
            }
            for (Future<?> one : recording) {
                one.get();
            }

            assertThat(log.page(0, 1000).stream().map(stored -> stored.entry().event()))
                    .hasSize(MANY)
                    .doesNotHaveDuplicates();
            assertThat(checked(log).size()).isEqualTo(MANY);
        }
    }

    @Test
    void anEventIsStoredWithWhatItTellsOfOrNeitherIs() {
        try (Database database = open(TestDatabase.SQLITE)) {
            AuditLog log = new AuditLog(database, new ManualClock());
            log.record(event(1));

            assertThatThrownBy(() -> database.write("fail", connection -> {
                        log.record(event(2), connection);
                        throw new SQLException("of a test");
                    }))
                    .hasRootCauseMessage("of a test");

            assertThat(checked(log).size()).isEqualTo(1);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "UPDATE audit SET detail = 'nothing' WHERE sequence = 3",
                "UPDATE audit SET actor = 'realm:0' WHERE sequence = 10",
                "UPDATE audit SET written_at = written_at + 1 WHERE sequence = 1",
                "UPDATE audit SET hash = (SELECT hash FROM audit WHERE sequence = 4) WHERE sequence = 5",
                "DELETE FROM audit WHERE sequence = 1",
                "DELETE FROM audit WHERE sequence = 6"
            })
    void showsWhatWasChangedBehindItsBack(String change) throws SQLException {
        try (Database database = open(TestDatabase.SQLITE)) {
            AuditLog log = new AuditLog(database, new ManualClock());
            for (int i = 0; i < 10; i++) {
                log.record(event(i));
            }
        }
        assertThatThrownBy(() -> execute(change)).hasMessageContaining("only added to");
        execute("DROP TRIGGER audit_keeps_entries");
        execute("DROP TRIGGER audit_keeps_all");
        execute(change);

        try (Database database = open(TestDatabase.SQLITE)) {
            assertThatThrownBy(() -> checked(new AuditLog(database, new ManualClock())))
                    .isInstanceOf(KbsException.ChainBroken.class);
        }
    }

    /// What was recorded before the broker was killed is there, and the chain is whole.
    @Test
    void isWholeAfterAKill() throws Exception {
        Path file = folder.resolve("audit.db");
        Process recorder = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        AuditLogTest.class.getName(),
                        file.toString())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        long acknowledged = 0;
        try (BufferedReader lines = recorder.inputReader()) {
            while (acknowledged < 200) {
                String line = lines.readLine();
                acknowledged = line.startsWith("recorded ") ? Long.parseLong(line.substring(9)) : 0;
            }
            recorder.destroyForcibly();
        }
        recorder.waitFor();

        try (Database database = Database.openSqlite(file, KeyBroker.MIGRATIONS)) {
            assertThat(checked(new AuditLog(database, new ManualClock())).size())
                    .isGreaterThanOrEqualTo(acknowledged);
        }
    }

    /// Records until it is killed, and says what it has recorded.
    public static void main(String[] arguments) {
        try (Database database = Database.openSqlite(Path.of(arguments[0]), KeyBroker.MIGRATIONS)) {
            AuditLog log = new AuditLog(database, InstantSource.system());
            for (int i = 1; ; i++) {
                log.record(event(i));
                System.out.println("recorded " + i);
            }
        }
    }

    private static AuditChain checked(AuditLog log) {
        AuditChain chain = new AuditChain();
        log.page(0, 100_000)
                .forEach(stored -> chain.add(stored.entry(), stored.hash().toByteArray()));
        return chain;
    }

    private static AuditEvent event(int number) {
        return new AuditEvent("realm:" + number, Action.RELEASE, "a/b/" + number, Outcome.DONE, "");
    }

    private Database open(TestDatabase kind) {
        return kind.fresh()
                .map(config -> Database.openPostgresql(config, KeyBroker.MIGRATIONS))
                .orElseGet(() -> Database.openSqlite(folder.resolve("audit.db"), KeyBroker.MIGRATIONS));
    }

    private void execute(String sql) throws SQLException {
        try (var connection = DriverManager.getConnection("jdbc:sqlite:" + folder.resolve("audit.db"));
                var statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
