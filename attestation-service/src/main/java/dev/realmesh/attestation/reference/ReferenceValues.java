// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.attestation.reference;

import dev.realmesh.storage.Database;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;

/// Values by id in the database; a newer one takes the place of an older.
public final class ReferenceValues {
    private static final int MAX_VALUES = 10_000;
    private static final String PUT = "INSERT INTO reference_value (reference_value_id, value, registered_at)"
            + " VALUES (?, ?, ?) ON CONFLICT (reference_value_id)"
            + " DO UPDATE SET value = excluded.value, registered_at = excluded.registered_at";
    private static final String FIND = "SELECT value FROM reference_value WHERE reference_value_id = ?";
    private static final String COUNT = "SELECT COUNT(*) FROM reference_value";

    private final Database database;
    private final InstantSource clock;

    public ReferenceValues(Database database, InstantSource clock) {
        this.database = database;
        this.clock = clock;
    }

    /// Stores all of these, or none.
    ///
    /// @param values JSON by id
    /// @throws ReferenceException.TooMany if there would be too many
    void put(Map<String, String> values) {
        database.write("store reference values", connection -> {
            try (PreparedStatement put = connection.prepareStatement(PUT)) {
                for (Map.Entry<String, String> value : values.entrySet()) {
                    put.setString(1, value.getKey());
                    put.setString(2, value.getValue());
                    put.setLong(3, clock.millis());
                    put.addBatch();
                }
                put.executeBatch();
            }
            if (count(connection) > MAX_VALUES) {
                throw new ReferenceException.TooMany(MAX_VALUES);
            }
            return values.size();
        });
    }

    /// The value of an id as JSON, if there is one.
    Optional<String> find(String id) {
        return database.read("read a reference value", connection -> {
            try (PreparedStatement select = connection.prepareStatement(FIND)) {
                select.setString(1, id);
                try (ResultSet row = select.executeQuery()) {
                    return row.next() ? Optional.of(row.getString("value")) : Optional.empty();
                }
            }
        });
    }

    private static int count(Connection connection) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(COUNT);
                ResultSet row = select.executeQuery()) {
            row.next();
            return row.getInt(1);
        }
    }
}
