// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.keybroker.resource;

import dev.realmesh.kbs.ResourcePath;
import dev.realmesh.keybroker.resource.ResourceRepository.Version;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The rows of secrets, within one transaction.
final class ResourceTable {
    private static final String COLUMNS = "SELECT path, version, master_key_id, wrapped_key, ciphertext FROM resource";
    private static final String INSERT = "INSERT INTO resource"
            + " (path, version, master_key_id, wrapped_key, ciphertext, created_at) VALUES (?, ?, ?, ?, ?, ?)";
    private static final String WRAP =
            "UPDATE resource SET master_key_id = ?, wrapped_key = ? WHERE path = ? AND version = ?";

    private final Connection connection;

    ResourceTable(Connection connection) {
        this.connection = connection;
    }

    Optional<StoredResource> newest(ResourcePath path) throws SQLException {
        return select(COLUMNS + " WHERE path = ? ORDER BY version DESC LIMIT 1", path.toString()).stream()
                .findFirst();
    }

    Optional<StoredResource> version(ResourcePath path, long version) throws SQLException {
        return select(COLUMNS + " WHERE path = ? AND version = ?", path.toString(), version).stream()
                .findFirst();
    }

    /// Some of those that another master key wraps.
    List<StoredResource> notWrappedBy(String masterKeyId) throws SQLException {
        return select(COLUMNS + " WHERE master_key_id <> ? LIMIT 64", masterKeyId);
    }

    long highestVersion(ResourcePath path) throws SQLException {
        try (PreparedStatement select =
                        prepared("SELECT COALESCE(MAX(version), 0) FROM resource WHERE path = ?", path.toString());
                ResultSet row = select.executeQuery()) {
            return row.next() ? row.getLong(1) : 0;
        }
    }

    List<Version> versions(ResourcePath path) throws SQLException {
        String sql = "SELECT version, created_at FROM resource WHERE path = ? ORDER BY version DESC";
        try (PreparedStatement select = prepared(sql, path.toString());
                ResultSet rows = select.executeQuery()) {
            List<Version> versions = new ArrayList<>();
            while (rows.next()) {
                versions.add(new Version(rows.getLong(1), Instant.ofEpochMilli(rows.getLong(2))));
            }
            return List.copyOf(versions);
        }
    }

    List<ResourcePath> paths() throws SQLException {
        return strings("SELECT DISTINCT path FROM resource ORDER BY path").stream()
                .map(ResourcePath::parse)
                .toList();
    }

    List<String> masterKeyIds() throws SQLException {
        return strings("SELECT DISTINCT master_key_id FROM resource");
    }

    void insert(StoredResource row, Instant now) throws SQLException {
        Envelope envelope = row.envelope();
        update(
                INSERT,
                row.path().toString(),
                row.version(),
                row.masterKeyId(),
                envelope.wrappedKey(),
                envelope.ciphertext(),
                now.toEpochMilli());
    }

    /// Stores how the key of an envelope is wrapped.
    void wrap(StoredResource row) throws SQLException {
        update(WRAP, row.masterKeyId(), row.envelope().wrappedKey(), row.path().toString(), row.version());
    }

    void dropOlder(ResourcePath path, long version) throws SQLException {
        update("DELETE FROM resource WHERE path = ? AND version < ?", path.toString(), version);
    }

    boolean delete(ResourcePath path) throws SQLException {
        return update("DELETE FROM resource WHERE path = ?", path.toString()) > 0;
    }

    private List<StoredResource> select(String sql, Object... parameters) throws SQLException {
        try (PreparedStatement select = prepared(sql, parameters);
                ResultSet rows = select.executeQuery()) {
            List<StoredResource> found = new ArrayList<>();
            while (rows.next()) {
                found.add(new StoredResource(
                        ResourcePath.parse(rows.getString("path")),
                        rows.getLong("version"),
                        rows.getString("master_key_id"),
                        new Envelope(rows.getBytes("wrapped_key"), rows.getBytes("ciphertext"))));
            }
            return found;
        }
    }

    private List<String> strings(String sql) throws SQLException {
        try (PreparedStatement select = prepared(sql);
                ResultSet rows = select.executeQuery()) {
            List<String> found = new ArrayList<>();
            while (rows.next()) {
                found.add(rows.getString(1));
            }
            return found;
        }
    }

    private int update(String sql, Object... parameters) throws SQLException {
        try (PreparedStatement update = prepared(sql, parameters)) {
            return update.executeUpdate();
        }
    }

    private PreparedStatement prepared(String sql, Object... parameters) throws SQLException {
        PreparedStatement statement = connection.prepareStatement(sql);
        for (int i = 0; i < parameters.length; i++) {
            statement.setObject(i + 1, parameters[i]);
        }
        return statement;
    }
}
