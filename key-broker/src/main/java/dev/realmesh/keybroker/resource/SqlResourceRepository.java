// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.keybroker.resource;

import dev.realmesh.kbs.ResourcePath;
import dev.realmesh.kbs.SecretBytes;
import dev.realmesh.kbs.audit.AuditEvent;
import dev.realmesh.kbs.audit.AuditEvent.Action;
import dev.realmesh.kbs.audit.AuditEvent.Outcome;
import dev.realmesh.keybroker.audit.AuditLog;
import dev.realmesh.storage.Database;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Secrets in an SQL database, each in its [Envelope]. Blocks; call it from virtual threads.
public final class SqlResourceRepository implements ResourceRepository, AutoCloseable {
    private static final String NEWEST = "SELECT version, master_key_id, wrapped_key, ciphertext FROM resource"
            + " WHERE path = ? ORDER BY version DESC LIMIT 1";
    private static final String INSERT = "INSERT INTO resource"
            + " (path, version, master_key_id, wrapped_key, ciphertext, created_at) VALUES (?, ?, ?, ?, ?, ?)";
    private static final String DROP_OLDER = "DELETE FROM resource WHERE path = ? AND version < ?";
    private static final String HIGHEST = "SELECT COALESCE(MAX(version), 0) FROM resource WHERE path = ?";

    private final Database database;
    private final MasterKey masterKey;
    private final AuditLog audit;
    private final InstantSource clock;

    private SqlResourceRepository(Database database, MasterKey masterKey, AuditLog audit, InstantSource clock) {
        this.database = database;
        this.masterKey = masterKey;
        this.audit = audit;
        this.clock = clock;
    }

    /// The secrets in a broker's database. Takes over database and master key.
    ///
    /// @throws ResourceException.Unreadable if it holds secrets under another master key
    /// @throws dev.realmesh.storage.StorageException if it cannot be read
    public static SqlResourceRepository open(
            Database database, MasterKey masterKey, AuditLog audit, InstantSource clock) {
        var repository = new SqlResourceRepository(database, masterKey, audit, clock);
        try {
            repository.requireSameMasterKey();
            return repository;
        } catch (RuntimeException e) {
            repository.close();
            throw e;
        }
    }

    @Override
    public void put(ResourcePath path, SecretBytes secret, String actor) {
        if (secret.length() == 0 || secret.length() > MAX_SECRET_BYTES) {
            throw new ResourceException.WrongSize(secret.length());
        }
        database.write("store a secret", connection -> {
            long version = highestVersion(connection, path) + 1;
            insert(connection, path, version, Envelope.seal(secret, masterKey, path, version));
            dropOlder(connection, path, version);
            audit.record(event(actor, Action.PUT, path, "version " + version), connection);
            return true;
        });
    }

    @Override
    public Optional<SecretBytes> find(ResourcePath path) {
        return database.read("find a secret", connection -> {
            try (PreparedStatement select = connection.prepareStatement(NEWEST)) {
                select.setString(1, path.toString());
                ResultSet row = select.executeQuery();
                return row.next() ? Optional.of(open(row, path)) : Optional.empty();
            }
        });
    }

    @Override
    public List<ResourcePath> list() {
        return database.read("list the secrets", connection -> {
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
    public boolean delete(ResourcePath path, String actor) {
        return database.write("delete a secret", connection -> {
            try (PreparedStatement delete = connection.prepareStatement("DELETE FROM resource WHERE path = ?")) {
                delete.setString(1, path.toString());
                if (delete.executeUpdate() == 0) {
                    return false;
                }
            }
            audit.record(event(actor, Action.DELETE, path, ""), connection);
            return true;
        });
    }

    @Override
    public void close() {
        database.close();
        masterKey.close();
    }

    private static AuditEvent event(String actor, Action action, ResourcePath path, String detail) {
        return new AuditEvent(actor, action, path.toString(), Outcome.DONE, detail);
    }

    private void requireSameMasterKey() {
        database.read("open the secrets", connection -> {
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
}
