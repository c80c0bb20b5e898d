// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.keybroker;

import dev.realmesh.keybroker.audit.AuditLog;
import dev.realmesh.keybroker.resource.MasterKeyFile;
import dev.realmesh.keybroker.resource.MasterKeyWrapping;
import dev.realmesh.keybroker.resource.MasterKeys;
import dev.realmesh.keybroker.resource.ResourceRepository;
import dev.realmesh.keybroker.resource.RotateMasterKey;
import dev.realmesh.keybroker.resource.SqlResourceRepository;
import dev.realmesh.keybroker.vault.TransitWrapping;
import dev.realmesh.keybroker.vault.VaultConfig;
import dev.realmesh.keybroker.vault.VaultConnection;
import dev.realmesh.keybroker.vault.VaultResourceRepository;
import dev.realmesh.mesh.health.HealthCheck;
import dev.realmesh.mesh.state.StateFolder;
import dev.realmesh.storage.Database;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// What a broker keeps, open: its database with the audit log, and its secrets in that or in Vault.
///
/// @param rotation of the master key; absent if there is none, or not of the broker's own
/// @param vault the Vault, if there is one
record Stores(
        Database database,
        AuditLog audit,
        ResourceRepository resources,
        Optional<RotateMasterKey> rotation,
        Optional<VaultConnection> vault)
        implements AutoCloseable {
    private static final String DATABASE_FILE = "resources.db";

    /// Opens them.
    ///
    /// @throws dev.realmesh.keybroker.resource.ResourceException if secrets are under another master key, or Vault does
    /// not
    ///     answer
    /// @throws dev.realmesh.storage.StorageException if the database cannot be used
    static Stores open(KeyBrokerConfig config, StateFolder state, InstantSource clock) {
        Database database = config.database()
                .map(shared -> Database.openPostgresql(shared, KeyBroker.MIGRATIONS))
                .orElseGet(() -> Database.openSqlite(state.ownFile(DATABASE_FILE), KeyBroker.MIGRATIONS));
        Optional<VaultConnection> vault = Optional.empty();
        try {
            vault = config.vault().map(named -> VaultConnection.open(named, clock));
            AuditLog audit = new AuditLog(database, clock);
            Optional<VaultConfig.Kv> kv = config.vault().flatMap(VaultConfig::kv);
            if (kv.isPresent()) {
                var resources = new VaultResourceRepository(vault.orElseThrow(), kv.get(), audit, database);
                return new Stores(database, audit, resources, Optional.empty(), vault);
            }
            return inDatabase(config, state, new Opened(database, audit, vault), clock);
        } catch (RuntimeException e) {
            vault.ifPresent(VaultConnection::close);
            database.close();
            throw e;
        }
    }

    private record Opened(Database database, AuditLog audit, Optional<VaultConnection> vault) {}

    private static Stores inDatabase(KeyBrokerConfig config, StateFolder state, Opened open, InstantSource clock) {
        Optional<MasterKeyWrapping> wrapping = config.vault()
                .flatMap(VaultConfig::transit)
                .map(transit -> new TransitWrapping(open.vault().orElseThrow(), transit));
        Optional<MasterKeyFile> own =
                config.masterKeyFile().isPresent() ? Optional.empty() : Optional.of(new MasterKeyFile(state, wrapping));
        MasterKeys keys = own.map(MasterKeyFile::keys)
                .orElseGet(() -> MasterKeyFile.shared(config.masterKeyFile().orElseThrow(), wrapping));
        SqlResourceRepository resources = SqlResourceRepository.open(
                new SqlResourceRepository.Settings(open.database(), keys, config.keptVersions()), open.audit(), clock);
        Optional<RotateMasterKey> rotation = own.map(file -> new RotateMasterKey(file, resources, open.audit()));
        rotation.ifPresentOrElse(RotateMasterKey::finish, resources::wrapAnew);
        return new Stores(open.database(), open.audit(), resources, rotation, open.vault());
    }

    /// Whether the secrets are under a master key of the broker's.
    boolean underMasterKey() {
        return resources instanceof SqlResourceRepository;
    }

    /// What of them can be away.
    List<HealthCheck> healthChecks() {
        return Stream.concat(Stream.of(database.healthCheck()), vault.map(VaultConnection::healthCheck).stream())
                .toList();
    }

    @Override
    public void close() {
        vault.ifPresent(VaultConnection::close);
        if (resources instanceof SqlResourceRepository own) {
            own.close();
        } else {
            database.close();
        }
    }
}
