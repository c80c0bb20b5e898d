// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.attestation.storage;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import org.flywaydb.core.Flyway;

/// A pool of connections to the service's database. Blocks; call it from virtual threads.
public final class Database implements AutoCloseable {
    private static final int CONNECTIONS = 8;
    private static final long CONNECTION_TIMEOUT_MILLIS = 10_000;

    private final HikariDataSource pool;

    private Database(HikariDataSource pool) {
        this.pool = pool;
    }

    /// What is done in one transaction.
    @FunctionalInterface
    public interface Work<T> {
        /// Does it.
        T in(Connection connection) throws SQLException;
    }

    /// Opens an SQLite database (WAL), making or migrating it as needed.
    ///
    /// @throws StorageException if it cannot be opened
    public static Database openSqlite(Path file) {
        HikariConfig settings = new HikariConfig();
        settings.setPoolName("attestation");
        settings.setMaximumPoolSize(CONNECTIONS);
        settings.setConnectionTimeout(CONNECTION_TIMEOUT_MILLIS);
        settings.setJdbcUrl("jdbc:sqlite:" + file);
        settings.addDataSourceProperty("journal_mode", "WAL");
        settings.addDataSourceProperty("synchronous", "FULL");
        settings.addDataSourceProperty("foreign_keys", "ON");
        settings.addDataSourceProperty("busy_timeout", "10000");
        HikariDataSource pool;
        try {
            pool = new HikariDataSource(settings);
        } catch (RuntimeException e) {
            throw new StorageException("open " + file, e);
        }
        try {
            Flyway.configure()
                    .dataSource(pool)
                    .locations("classpath:db/attestation")
                    .loggers("slf4j")
                    .load()
                    .migrate();
            return new Database(pool);
        } catch (RuntimeException e) {
            pool.close();
            throw new StorageException("migrate " + file, e);
        }
    }

    /// Reads in one transaction.
    ///
    /// @param step what is done, for the message
    /// @throws StorageException if the database cannot be used
    public <T> T read(String step, Work<T> work) {
        return inTransaction(step, "BEGIN", work);
    }

    /// Writes in one transaction that holds the write lock from its start, so that what it read stays true.
    ///
    /// @param step what is done, for the message
    /// @throws StorageException if the database cannot be used; then nothing was written
    public <T> T write(String step, Work<T> work) {
        return inTransaction(step, "BEGIN IMMEDIATE", work);
    }

    @Override
    public void close() {
        pool.close();
    }

    private <T> T inTransaction(String step, String begin, Work<T> work) {
        try (Connection connection = pool.getConnection()) {
            execute(connection, begin);
            boolean done = false;
            try {
                T result = work.in(connection);
                execute(connection, "COMMIT");
                done = true;
                return result;
            } finally {
                if (!done) {
                    execute(connection, "ROLLBACK");
                }
            }
        } catch (SQLException e) {
            throw new StorageException(step, e);
        }
    }

    private static void execute(Connection connection, String sql) throws SQLException {
        try (var statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
