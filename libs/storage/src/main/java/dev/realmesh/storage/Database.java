// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.storage;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.realmesh.mesh.health.HealthCheck;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.SQLTransientException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.flywaydb.core.Flyway;

/// A pool of connections to a service's database. Blocks; call it from virtual threads. A database that went away is
/// used again once it is back.
public final class Database implements AutoCloseable {
    private static final int SQLITE_CONNECTIONS = 8;
    private static final Duration WRITER_TIMEOUT = Duration.ofSeconds(30);
    private static final long CONNECTION_TIMEOUT_MILLIS = 10_000;
    private static final long VALIDATION_TIMEOUT_MILLIS = 2_000;

    private final HikariDataSource pool;
    private final Dialect dialect;
    private final ReentrantLock writers = new ReentrantLock(true);
    private volatile boolean writeFailed;

    private Database(HikariDataSource pool, Dialect dialect) {
        this.pool = pool;
        this.dialect = dialect;
    }

    /// What is done in one transaction.
    @FunctionalInterface
    public interface Work<T> {
        /// Does it.
        T in(Connection connection) throws SQLException;
    }

    /// Opens an SQLite database (WAL), making or migrating it as needed.
    ///
    /// @param migrations folder of the class path with its migrations: `sqlite/` and `postgresql/` in it
    /// @throws StorageException if it cannot be opened
    public static Database openSqlite(Path file, String migrations) {
        HikariConfig settings = settings(SQLITE_CONNECTIONS);
        settings.setJdbcUrl("jdbc:sqlite:" + file);
        settings.addDataSourceProperty(Dialect.OPEN_MODE, Dialect.OPEN_EXISTING);
        settings.addDataSourceProperty("journal_mode", "WAL");
        settings.addDataSourceProperty("synchronous", "FULL");
        settings.addDataSourceProperty("foreign_keys", "ON");
        // Overwrites what is deleted.
        settings.addDataSourceProperty("secure_delete", "ON");
        settings.addDataSourceProperty("busy_timeout", "10000");
        makeFile(settings.getJdbcUrl(), file);
        return open(settings, Dialect.SQLITE, migrations, file.toString());
    }

    /// Opens a PostgreSQL database, making its tables or migrating them as needed.
    ///
    /// @param migrations folder of the class path with its migrations: `sqlite/` and `postgresql/` in it
    /// @throws StorageException if it cannot be opened
    /// @throws IllegalArgumentException if its password cannot be read
    public static Database openPostgresql(PostgresqlConfig config, String migrations) {
        HikariConfig settings = settings(config.poolSize());
        settings.setJdbcUrl(config.url());
        settings.setUsername(config.user());
        settings.setPassword(password(config.passwordFile()));
        settings.addDataSourceProperty("connectTimeout", "5");
        settings.addDataSourceProperty("socketTimeout", "30");
        settings.addDataSourceProperty("tcpKeepAlive", "true");
        // An instance whose machine is gone must not keep the writers' lock.
        settings.addDataSourceProperty("options", "-c lock_timeout=10s -c idle_in_transaction_session_timeout=10s");
        return open(settings, Dialect.POSTGRESQL, migrations, "PostgreSQL");
    }

    /// Reads in one transaction, which sees one state of the database.
    ///
    /// @param step what is done, for the message
    /// @throws StorageException if the database cannot be used
    public <T> T read(String step, Work<T> work) {
        return inTransaction(step, dialect.beginRead(), work);
    }

    /// Writes in one transaction that holds the write lock from its start, so that what it read stays true. Writers of
    /// this process wait for each other in the order in which they came, without a connection: SQLite itself lets who
    /// polls at the right moment go first, and others starve.
    ///
    /// @param step what is done, for the message
    /// @throws StorageException if the database cannot be used; then nothing was written, or, if the connection was
    /// lost
    ///     at the very end, maybe all of it
    public <T> T write(String step, Work<T> work) {
        takeTurn(step);
        try {
            T result = inTransaction(step, dialect.beginWrite(), work);
            writeFailed = false;
            return result;
        } catch (StorageException e) {
            writeFailed = true;
            throw e;
        } finally {
            writers.unlock();
        }
    }

    /// What is wrong with it, without details; empty if it can be read and, as far as is known, written. Where what was
    /// written last could not be, something else is.
    public Optional<String> problem() {
        try {
            dialect.requireFile(pool.getJdbcUrl());
            read("check", connection -> execute(connection, Dialect.TABLES_ARE_THERE));
        } catch (SQLException | StorageException e) {
            return Optional.of("cannot be read");
        }
        try {
            if (writeFailed) {
                write("check", this::tryToWrite);
            }
            return Optional.empty();
        } catch (StorageException e) {
            return Optional.of("cannot be written");
        }
    }

    /// The check of it for a service's health.
    public HealthCheck healthCheck() {
        return HealthCheck.of("database", this::problem);
    }

    /// How many writers of this process wait for their turn.
    int waitingWriters() {
        return writers.getQueueLength();
    }

    @Override
    public void close() {
        pool.close();
    }

    /// Connections that the pool makes later never make another, empty database where the file is away.
    private static void makeFile(String url, Path file) {
        try (Connection connection = DriverManager.getConnection(url)) {
            execute(connection, "PRAGMA journal_mode = WAL");
        } catch (SQLException e) {
            throw new StorageException("open " + file, e);
        }
    }

    private static HikariConfig settings(int connections) {
        HikariConfig settings = new HikariConfig();
        settings.setMaximumPoolSize(connections);
        settings.setConnectionTimeout(CONNECTION_TIMEOUT_MILLIS);
        settings.setValidationTimeout(VALIDATION_TIMEOUT_MILLIS);
        return settings;
    }

    private static Database open(HikariConfig settings, Dialect dialect, String migrations, String name) {
        HikariDataSource pool;
        try {
            pool = new HikariDataSource(settings);
        } catch (RuntimeException e) {
            throw new StorageException("open " + name, e);
        }
        try {
            Flyway.configure()
                    .dataSource(pool)
                    .locations("classpath:" + migrations + "/" + dialect.folder())
                    .loggers("slf4j")
                    .load()
                    .migrate();
            return new Database(pool, dialect);
        } catch (RuntimeException e) {
            pool.close();
            throw new StorageException("migrate " + name, e);
        }
    }

    private static String password(Path file) {
        try {
            return Files.readString(file).strip();
        } catch (IOException e) {
            throw new IllegalArgumentException("password-file: " + file + " not read (expected: a password)", e);
        }
    }

    private void takeTurn(String step) {
        try {
            if (!writers.tryLock(WRITER_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new StorageException(step, new SQLTransientException("no turn to write in " + WRITER_TIMEOUT));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StorageException(step, e);
        }
    }

    private <T> T inTransaction(String step, String begin, Work<T> work) {
        try (Connection connection = pool.getConnection()) {
            try {
                execute(connection, begin);
                T result = work.in(connection);
                execute(connection, "COMMIT");
                return result;
            } catch (SQLException | RuntimeException e) {
                rollback(connection, e);
                throw e;
            }
        } catch (SQLException e) {
            throw new StorageException(step, e);
        }
    }

    /// A connection that does not roll back is not used again.
    private void rollback(Connection connection, Exception cause) {
        try {
            execute(connection, "ROLLBACK");
        } catch (SQLException e) {
            cause.addSuppressed(e);
            pool.evictConnection(connection);
        }
    }

    private boolean tryToWrite(Connection connection) throws SQLException {
        for (String sql : dialect.trialWrite()) {
            execute(connection, sql);
        }
        return true;
    }

    private static boolean execute(Connection connection, String sql) throws SQLException {
        try (var statement = connection.createStatement()) {
            return statement.execute(sql);
        }
    }
}
