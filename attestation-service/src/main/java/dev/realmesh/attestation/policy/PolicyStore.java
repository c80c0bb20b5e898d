// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.attestation.policy;

import dev.realmesh.storage.Database;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/// Policies in the database, which refuses to change or remove one. At most one is active; which were, and when, stays
/// known.
public final class PolicyStore {
    private static final String NONE = "";
    private static final String ACTIVE = "COALESCE((SELECT policy_id FROM policy_activation WHERE activation_key ="
            + " (SELECT MAX(activation_key) FROM policy_activation)), '')";
    private static final String SELECT =
            "SELECT policy_id, name, version, created_at, document, " + ACTIVE + " AS active_id FROM policy ";
    private static final String LIST = SELECT + "ORDER BY policy_key DESC";
    private static final String FIND = SELECT + "WHERE policy_id = ?";
    private static final String FIND_ACTIVE = SELECT + "WHERE policy_id = " + ACTIVE;
    private static final String NEXT_VERSION = "SELECT COALESCE(MAX(version), 0) + 1 FROM policy WHERE name = ?";
    private static final String INSERT =
            "INSERT INTO policy (policy_id, name, version, created_at, document) VALUES (?, ?, ?, ?, ?)";
    private static final String ACTIVATE = "INSERT INTO policy_activation (policy_id, activated_at) VALUES (?, ?)";

    private final Database database;
    private final InstantSource clock;

    public PolicyStore(Database database, InstantSource clock) {
        this.database = database;
        this.clock = clock;
    }

    /// Stores a policy as the next version of its name; it is not active yet.
    ///
    /// @param document YAML or JSON
    /// @throws PolicyException.Invalid if it is none that could be applied
    public StoredPolicy put(String document) {
        String name = CelPolicy.compile(document).name();
        return database.write("store a policy", connection -> {
            StoredPolicy stored = new StoredPolicy(
                    UUID.randomUUID(),
                    name,
                    nextVersion(connection, name),
                    Instant.ofEpochMilli(clock.millis()),
                    document,
                    false);
            try (PreparedStatement insert = connection.prepareStatement(INSERT)) {
                insert.setString(1, stored.id().toString());
                insert.setString(2, name);
                insert.setInt(3, stored.version());
                insert.setLong(4, stored.createdAt().toEpochMilli());
                insert.setString(5, document);
                insert.executeUpdate();
            }
            return stored;
        });
    }

    /// All policies, newest first.
    public List<StoredPolicy> list() {
        return database.read("list policies", connection -> {
            try (PreparedStatement select = connection.prepareStatement(LIST)) {
                return read(select);
            }
        });
    }

    /// A policy by its id.
    ///
    /// @throws PolicyException.NotFound if there is none
    public StoredPolicy get(String id) {
        return database.read("read a policy", connection -> find(connection, id));
    }

    /// The policy in force, if there is one.
    public Optional<StoredPolicy> active() {
        return database.read("read the active policy", connection -> {
            try (PreparedStatement select = connection.prepareStatement(FIND_ACTIVE)) {
                return read(select).stream().findFirst();
            }
        });
    }

    /// Puts a policy in force, in place of the one that was.
    ///
    /// @throws PolicyException.NotFound if there is none of this id
    public StoredPolicy activate(String id) {
        return database.write("activate a policy", connection -> {
            if (!find(connection, id).active()) {
                inForce(connection, id);
            }
            return find(connection, id);
        });
    }

    /// Leaves no policy in force.
    public void deactivate() {
        database.write("deactivate the policy", connection -> {
            inForce(connection, NONE);
            return NONE;
        });
    }

    private void inForce(Connection connection, String id) throws SQLException {
        try (PreparedStatement insert = connection.prepareStatement(ACTIVATE)) {
            insert.setString(1, id);
            insert.setLong(2, clock.millis());
            insert.executeUpdate();
        }
    }

    private static int nextVersion(Connection connection, String name) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(NEXT_VERSION)) {
            select.setString(1, name);
            try (ResultSet row = select.executeQuery()) {
                row.next();
                return row.getInt(1);
            }
        }
    }

    private static StoredPolicy find(Connection connection, String id) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(FIND)) {
            select.setString(1, id);
            return read(select).stream().findFirst().orElseThrow(() -> new PolicyException.NotFound(id));
        }
    }

    private static List<StoredPolicy> read(PreparedStatement select) throws SQLException {
        List<StoredPolicy> policies = new ArrayList<>();
        try (ResultSet rows = select.executeQuery()) {
            while (rows.next()) {
                String id = rows.getString("policy_id");
                policies.add(new StoredPolicy(
                        UUID.fromString(id),
                        rows.getString("name"),
                        rows.getInt("version"),
                        Instant.ofEpochMilli(rows.getLong("created_at")),
                        rows.getString("document"),
                        id.equals(rows.getString("active_id"))));
            }
        }
        return policies;
    }
}
