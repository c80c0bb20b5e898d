// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.keybroker.resource;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.realmesh.kbs.ResourcePath;
import dev.realmesh.kbs.SecretBytes;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.flywaydb.core.Flyway;

/// Secrets in an SQL database, each in its [Envelope]. Blocks; call it from virtual threads.
public final class SqlResourceRepository implements ResourceRepository, AutoCloseable {
    private static final String NEWEST = "SELECT version, master_key_id, wrapped_key, ciphertext FROM resource"
            + " WHERE path = ? ORDER BY version DESC LIMIT 1";
    private static final String INSERT = "INSERT INTO resource"
            + " (path, version, master_key_id, wrapped_key, ciphertext, created_at) VALUES (?, ?, ?, ?, ?, ?)";
    private static final String DROP_OLDER = "DELETE FROM resource WHERE path = ? AND version < ?";
    private static final String HIGHEST = "SELECT COALESCE(MAX(version), 0) FROM resource WHERE path = ?";
    private static final int CONNECTIONS = 4;

    private final Path file;
    private final HikariDataSource database;
    private final MasterKey masterKey;
    private final InstantSource clock;

    private SqlResourceRepository(Path file, HikariDataSource database, MasterKey masterKey, InstantSource clock) {
        this.file = file;
        this.database = database;
        this.masterKey = masterKey;
        this.clock = clock;
    }

    /// Opens the SQLite database of a broker, migrating it as needed; at first the file is empty. Takes over the master
    /// key.
    ///
    /// @throws ResourceException.Unreadable if it holds secrets under another master key
    /// @throws ResourceException.StoreFailed if it cannot be opened
    public static SqlResourceRepository openSqlite(Path file, MasterKey masterKey, InstantSource clock) {
        HikariConfig pool = new HikariConfig();
        pool.setPoolName("resources");
        pool.setMaximumPoolSize(CONNECTIONS);
        pool.setMinimumIdle(1);
        pool.setJdbcUrl("jdbc:sqlite:" + file);
        // Makes no other, empty database where the file is away.
        pool.addDataSourceProperty("open_mode", "2");
        // Overwrites what is deleted; a transaction that will write takes the lock at its start.
        pool.addDataSourceProperty("secure_delete", "ON");
        pool.addDataSourceProperty("journal_mode", "WAL");
        pool.addDataSourceProperty("synchronous", "FULL");
        pool.addDataSourceProperty("busy_timeout", "10000");
        pool.addDataSourceProperty("transaction_mode", "IMMEDIATE");
        HikariDataSource database = open(pool);
        try {
            migrate(database);
            var repository = new SqlResourceRepository(file, database, masterKey, clock);
            repository.requireSameMasterKey();
            return repository;
        } catch (RuntimeException e) {
            database.close();
            throw e;
        }
    }

    @Override
    public void put(ResourcePath path, SecretBytes secret) {
        if (secret.length() == 0 || secret.length() > MAX_SECRET_BYTES) {
            throw new ResourceException.WrongSize(secret.length());
        }
        inTransaction("put", connection -> {
            long version = highestVersion(connection, path) + 1;
            insert(connection, path, version, Envelope.seal(secret, masterKey, path, version));
            dropOlder(connection, path, version);
            return true;
        });
    }

    @Override
    public Optional<SecretBytes> find(ResourcePath path) {
        return reading("find", connection -> {
            try (PreparedStatement select = connection.prepareStatement(NEWEST)) {
                select.setString(1, path.toString());
                ResultSet row = select.executeQuery();
                return row.next() ? Optional.of(open(row, path)) : Optional.empty();
            }
        });
    }

    @Override
    public List<ResourcePath> list() {
        return reading("list", connection -> {
            try (PreparedStatement select =
                    connection.prepareStatement("SELECT DISTINCT path FROM resource ORDER BY path")) {
                ResultSet rows = select.executeQuery();
                List<ResourcePath> paths = new ArrayList<>();
                while (rows.next()) {
                    paths.add(ResourcePath.parse(rows.getString(1)));
                }
                return List.copyOf(paths);
            }
        });
    }

    @Override
    public boolean delete(ResourcePath path) {
        return inTransaction("delete", connection -> {
            try (PreparedStatement delete = connection.prepareStatement("DELETE FROM resource WHERE path = ?")) {
                delete.setString(1, path.toString());
                return delete.executeUpdate() > 0;
            }
        });
    }

    /// What is wrong with the database, without details; empty if it can be read. An open connection goes on with a
    /// file
    /// that is gone, so that is looked for too.
    public Optional<String> problem() {
        if (!Files.isReadable(file)) {
            return Optional.of("file is not there, or not readable");
        }
        try {
            reading("check", connection -> connection.createStatement().execute("SELECT 1 FROM resource LIMIT 1"));
            return Optional.empty();
        } catch (ResourceException e) {
            return Optional.of("cannot be read");
        }
    }

    @Override
    public void close() {
        database.close();
        masterKey.close();
    }

    private static HikariDataSource open(HikariConfig pool) {
        try {
            return new HikariDataSource(pool);
        } catch (RuntimeException e) {
            throw new ResourceException.StoreFailed("open", e);
        }
    }

    private static void migrate(HikariDataSource database) {
        try {
            Flyway.configure()
                    .dataSource(database)
                    .locations("classpath:db/keybroker")
                    .load()
                    .migrate();
        } catch (RuntimeException e) {
            throw new ResourceException.StoreFailed("migrate", e);
        }
    }

    private void requireSameMasterKey() {
        reading("open", connection -> {
            try (PreparedStatement select =
                    connection.prepareStatement("SELECT 1 FROM resource WHERE master_key_id <> ? LIMIT 1")) {
                select.setString(1, masterKey.id());
                if (select.executeQuery().next()) {
                    throw new ResourceException.Unreadable("secrets");
                }
                return true;
            }
        });
    }

    private SecretBytes open(ResultSet row, ResourcePath path) throws SQLException {
        Envelope envelope = new Envelope(row.getBytes("wrapped_key"), row.getBytes("ciphertext"));
        return envelope.open(masterKey, path, row.getLong("version"));
    }

    private static long highestVersion(Connection connection, ResourcePath path) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(HIGHEST)) {
            select.setString(1, path.toString());
            ResultSet row = select.executeQuery();
            return row.next() ? row.getLong(1) : 0;
        }
    }

    private void insert(Connection connection, ResourcePath path, long version, Envelope envelope) throws SQLException {
        try (PreparedStatement insert = connection.prepareStatement(INSERT)) {
            insert.setString(1, path.toString());
            insert.setLong(2, version);
            insert.setString(3, masterKey.id());
            insert.setBytes(4, envelope.wrappedKey());
            insert.setBytes(5, envelope.ciphertext());
            insert.setLong(6, clock.millis());
            insert.executeUpdate();
        }
    }

    private static void dropOlder(Connection connection, ResourcePath path, long version) throws SQLException {
        try (PreparedStatement delete = connection.prepareStatement(DROP_OLDER)) {
            delete.setString(1, path.toString());
            delete.setLong(2, version);
            delete.executeUpdate();
        }
    }

    /// One query, which is consistent by itself and waits for no writer.
    private <T> T reading(String step, Work<T> work) {
        try (Connection connection = database.getConnection()) {
            return work.in(connection);
        } catch (SQLException e) {
            throw new ResourceException.StoreFailed(step, e);
        }
    }

    private <T> T inTransaction(String step, Work<T> work) {
        try (Connection connection = database.getConnection()) {
            connection.setAutoCommit(false);
            try {
                T result = work.in(connection);
                connection.commit();
                return result;
            } catch (SQLException | RuntimeException e) {
                connection.rollback();
                throw e;
            }
        } catch (SQLException e) {
            throw new ResourceException.StoreFailed(step, e);
        }
    }

    private interface Work<T> {
        T in(Connection connection) throws SQLException;
    }
}
