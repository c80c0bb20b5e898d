// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.policy;

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
import java.util.OptionalInt;
import java.util.UUID;

/// Policies in a service's database, in the tables `policy` and `policy_activation`, which refuse to change or remove
/// one. At most one of a scheme is active; which were, and when, stays known.
public final class PolicyStore {
    private static final String NONE = "";
    private static final String ACTIVE_ID =
            "SELECT policy_id FROM policy_activation WHERE scheme = ?" + " ORDER BY activation_key DESC LIMIT 1";
    private static final String ACTIVE = "COALESCE((SELECT a.policy_id FROM policy_activation a"
            + " WHERE a.activation_key = (SELECT MAX(latest.activation_key) FROM policy_activation latest"
            + " WHERE latest.scheme = policy.scheme)), '')";
    private static final String SELECT = "SELECT policy_id, scheme, language, name, version, created_at, document, "
            + ACTIVE + " AS active_id FROM policy ";
    private static final String LIST = SELECT + "ORDER BY policy_key DESC";
    private static final String FIND = SELECT + "WHERE policy_id = ?";
    private static final String FIND_ACTIVE = SELECT + "WHERE scheme = ? AND policy_id = " + ACTIVE;
    private static final String FIND_EARLIER = SELECT + "WHERE scheme = ? AND name = ? AND version < ?"
            + " AND policy_id IN (SELECT was.policy_id FROM policy_activation was) ORDER BY version DESC";
    private static final String FIND_VERSION = SELECT + "WHERE scheme = ? AND name = ? AND version = ?";
    private static final String NEXT_VERSION = "SELECT COALESCE(MAX(version), 0) + 1 FROM policy WHERE name = ?";
    private static final String INSERT = "INSERT INTO policy"
            + " (policy_id, scheme, language, name, version, created_at, document) VALUES (?, ?, ?, ?, ?, ?, ?)";
    private static final String ACTIVATE =
            "INSERT INTO policy_activation (scheme, policy_id, activated_at) VALUES (?, ?, ?)";

    private final Database database;
    private final PolicyEngine<?> engine;
    private final InstantSource clock;

    /// @param engine what says whether a policy could be applied
    public PolicyStore(Database database, PolicyEngine<?> engine, InstantSource clock) {
        this.database = database;
        this.engine = engine;
        this.clock = clock;
    }

    /// What else is written in the transaction of a change.
    @FunctionalInterface
    public interface Alongside {
        /// Nothing.
        Alongside NOTHING = (connection, changed) -> {};

        /// Writes it.
        ///
        /// @param changed the policy that was put, put in force, or in force until now
        void write(Connection connection, StoredPolicy changed) throws SQLException;
    }

    /// Stores a policy as the next version of its name; it is not active yet.
    ///
    /// @param scheme what it is about
    /// @throws PolicyException if it is none that could be applied, or nobody can say; then nothing is stored
    public StoredPolicy put(String scheme, PolicyText policy, Alongside alongside) {
        engine.compile(policy).close();
        return database.write("store a policy", connection -> {
            StoredPolicy stored = insert(connection, scheme, policy);
            alongside.write(connection, stored);
            return stored;
        });
    }

    /// Stores a policy and puts it in force, unless the one in force is the same.
    ///
    /// @throws PolicyException if it is none that could be applied, or nobody can say; then nothing has changed
    public StoredPolicy replace(String scheme, PolicyText policy, Alongside alongside) {
        engine.compile(policy).close();
        return database.write("replace the policy", connection -> {
            Optional<StoredPolicy> same =
                    active(connection, scheme).filter(active -> active.policy().equals(policy));
            if (same.isPresent()) {
                return same.get();
            }
            String id = insert(connection, scheme, policy).id().toString();
            inForce(connection, scheme, id);
            StoredPolicy stored = find(connection, id);
            alongside.write(connection, stored);
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

    /// The policy of a scheme in force, if there is one.
    public Optional<StoredPolicy> active(String scheme) {
        return database.read("read the active policy", connection -> active(connection, scheme));
    }

    /// The id of the policy of a scheme in force, if there is one: all that must be known at each use.
    public Optional<String> activeId(String scheme) {
        return database.read("read which policy is active", connection -> {
            try (PreparedStatement select = connection.prepareStatement(ACTIVE_ID)) {
                select.setString(1, scheme);
                try (ResultSet row = select.executeQuery()) {
                    return row.next() ? Optional.of(row.getString(1)).filter(id -> !id.equals(NONE)) : Optional.empty();
                }
            }
        });
    }

    /// The version of the active policy's name that came before it and was in force once, or the one of a number.
    ///
    /// @param version of the one that is wanted, less than the active one's; empty: the last that was in force
    public Optional<StoredPolicy> earlier(String scheme, OptionalInt version) {
        return database.read("read an earlier policy", connection -> {
            Optional<StoredPolicy> active = active(connection, scheme);
            if (active.isEmpty() || version.orElse(0) >= active.get().version()) {
                return Optional.empty();
            }
            try (PreparedStatement select =
                    connection.prepareStatement(version.isPresent() ? FIND_VERSION : FIND_EARLIER)) {
                select.setString(1, scheme);
                select.setString(2, active.get().name());
                select.setInt(3, version.orElse(active.get().version()));
                return read(select).stream().findFirst();
            }
        });
    }

    /// Puts a policy in force, in place of the one of its scheme that was.
    ///
    /// @throws PolicyException.NotFound if there is none of this id
    /// @throws PolicyException if it could not be applied, or nobody can say; then what was in force still is
    public StoredPolicy activate(String id, Alongside alongside) {
        engine.compile(get(id).policy()).close();
        return database.write("activate a policy", connection -> {
            StoredPolicy found = find(connection, id);
            if (!found.active()) {
                inForce(connection, found.scheme(), id);
                alongside.write(connection, found);
            }
            return find(connection, id);
        });
    }

    /// Leaves no policy of a scheme in force.
    public void deactivate(String scheme, Alongside alongside) {
        database.write("deactivate the policy", connection -> {
            Optional<StoredPolicy> active = active(connection, scheme);
            if (active.isPresent()) {
                inForce(connection, scheme, NONE);
                alongside.write(connection, active.get());
            }
            return NONE;
        });
    }

    private static Optional<StoredPolicy> active(Connection connection, String scheme) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(FIND_ACTIVE)) {
            select.setString(1, scheme);
            return read(select).stream().findFirst();
        }
    }

    private void inForce(Connection connection, String scheme, String id) throws SQLException {
        try (PreparedStatement insert = connection.prepareStatement(ACTIVATE)) {
            insert.setString(1, scheme);
            insert.setString(2, id);
            insert.setLong(3, clock.millis());
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

    private StoredPolicy insert(Connection connection, String scheme, PolicyText policy) throws SQLException {
        StoredPolicy stored = new StoredPolicy(
                UUID.randomUUID(),
                scheme,
                policy,
                nextVersion(connection, policy.name()),
                Instant.ofEpochMilli(clock.millis()),
                false);
        try (PreparedStatement insert = connection.prepareStatement(INSERT)) {
            insert.setString(1, stored.id().toString());
            insert.setString(2, scheme);
            insert.setString(3, policy.language().type());
            insert.setString(4, policy.name());
            insert.setInt(5, stored.version());
            insert.setLong(6, stored.createdAt().toEpochMilli());
            insert.setString(7, policy.text());
            insert.executeUpdate();
        }
        return stored;
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
                        rows.getString("scheme"),
                        new PolicyText(
                                PolicyLanguage.ofType(rows.getString("language")),
                                rows.getString("name"),
                                rows.getString("document")),
                        rows.getInt("version"),
                        Instant.ofEpochMilli(rows.getLong("created_at")),
                        id.equals(rows.getString("active_id"))));
            }
        }
        return policies;
    }
}
