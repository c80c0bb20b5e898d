// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.storage;

import java.util.Optional;

/// What a service under test stores in.
public enum TestDatabase {
    SQLITE,
    POSTGRESQL;

    /// An empty one, for the configuration.
    public Optional<PostgresqlConfig> fresh() {
        return this == SQLITE ? Optional.empty() : Optional.of(Postgresql.freshDatabase());
    }
}
