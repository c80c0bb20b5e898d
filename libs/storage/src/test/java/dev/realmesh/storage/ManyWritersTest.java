// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.storage;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Many writers and readers at once: each has its turn, and none is turned away.
class ManyWritersTest {
    private static final int WRITERS = 64;

    @TempDir
    Path folder;

    @ParameterizedTest
    @EnumSource
    void everyoneReadsWhatTheOneBeforeWrote(TestDatabase kind) throws Exception {
        try (Database database = open(kind);
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Integer>> written = new ArrayList<>();
            List<Future<Integer>> read = new ArrayList<>();
            for (int i = 0; i < WRITERS; i++) {
                written.add(threads.submit(() -> database.write("count", ManyWritersTest::count)));
                read.add(threads.submit(() -> database.read("look", ManyWritersTest::value)));
            }

            List<Integer> values = new ArrayList<>();
            for (Future<Integer> one : written) {
                values.add(one.get());
            }
            for (Future<Integer> one : read) {
                assertThat(one.get()).isBetween(0, WRITERS);
            }
            assertThat(values).hasSize(WRITERS).doesNotHaveDuplicates();
            assertThat(database.read("look", ManyWritersTest::value)).isEqualTo(WRITERS);
        }
    }

    /// A pool smaller than the number of those who wait still serves readers.
    @Test
    void waitingWritersHoldNoConnection() throws Exception {
        try (Database database = open(TestDatabase.SQLITE);
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Integer>> waiting = new ArrayList<>();
            AtomicInteger seen = new AtomicInteger(-1);
            database.write("hold", connection -> {
                for (int i = 0; i < WRITERS; i++) {
                    waiting.add(threads.submit(() -> database.write("count", ManyWritersTest::count)));
                }
                while (database.waitingWriters() < WRITERS) {
                    Thread.onSpinWait();
                }
                seen.set(database.read("look", ManyWritersTest::value));
                return true;
            });

            assertThat(seen).hasValue(0);
            for (Future<Integer> one : waiting) {
                one.get();
            }
            assertThat(database.read("look", ManyWritersTest::value)).isEqualTo(WRITERS);
        }
    }

    private Database open(TestDatabase kind) {
        return kind.fresh()
                .map(config -> Database.openPostgresql(config, "db/counter"))
                .orElseGet(() -> Database.openSqlite(folder.resolve("counter.db"), "db/counter"));
    }

    private static int count(Connection connection) throws SQLException {
        int next = value(connection) + 1;
        try (Statement statement = connection.createStatement()) {
            statement.executeUpdate("UPDATE counter SET value = " + next);
        }
        return next;
    }

    private static int value(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("SELECT value FROM counter")) {
            rows.next();
            return rows.getInt(1);
        }
    }
}
