// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.keybroker.resource;

import dev.realmesh.kbs.ResourcePath;
import dev.realmesh.kbs.SecretBytes;
import dev.realmesh.kbs.audit.AuditEvent;
import dev.realmesh.kbs.audit.AuditEvent.Action;
import dev.realmesh.kbs.audit.AuditEvent.Outcome;
import dev.realmesh.keybroker.audit.AuditLog;
import dev.realmesh.storage.Database;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Supplier;

/// Secrets in an SQL database, each in its [Envelope]. Blocks; call it from virtual threads.
public final class SqlResourceRepository implements ResourceRepository, AutoCloseable {
    private final Database database;
    private final int keptVersions;
    private final AuditLog audit;
    private final InstantSource clock;

    /// Held for reading while the master keys are used, for writing while others take their place.
    private final ReentrantReadWriteLock keysInUse = new ReentrantReadWriteLock();

    private MasterKeys masterKeys;

    private SqlResourceRepository(Settings settings, AuditLog audit, InstantSource clock) {
        this.database = settings.database();
        this.keptVersions = settings.keptVersions();
        this.masterKeys = settings.masterKeys();
        this.audit = audit;
        this.clock = clock;
    }

    /// Where and how secrets are kept.
    ///
    /// @param keptVersions how many versions of a secret are kept, the newest included
    public record Settings(Database database, MasterKeys masterKeys, int keptVersions) {}

    /// The secrets in a broker's database. Takes over database and master keys.
    ///
    /// @throws ResourceException.Unreadable if it holds secrets under another master key
    /// @throws dev.realmesh.storage.StorageException if it cannot be read
    public static SqlResourceRepository open(Settings settings, AuditLog audit, InstantSource clock) {
        var repository = new SqlResourceRepository(settings, audit, clock);
        try {
            repository.requireMasterKeys();
            return repository;
        } catch (RuntimeException e) {
            repository.close();
            throw e;
        }
    }

    @Override
    public void put(ResourcePath path, SecretBytes secret, String actor) {
        ResourceException.WrongSize.check(secret);
        database.write("store a secret", connection -> {
            ResourceTable table = new ResourceTable(connection);
            long version = table.highestVersion(path) + 1;
            insert(table, path, version, secret);
            audit.record(event(actor, Action.PUT, path, "version " + version), connection);
            return true;
        });
    }

    @Override
    public boolean putNew(ResourcePath path, SecretBytes secret, String actor) {
        ResourceException.WrongSize.check(secret);
        return database.write("store a new secret", connection -> {
            ResourceTable table = new ResourceTable(connection);
            boolean free = table.highestVersion(path) == 0;
            if (free) {
                insert(table, path, 1, secret);
                audit.record(event(actor, Action.PUT, path, "version 1"), connection);
            }
            return free;
        });
    }

    @Override
    public Optional<SecretBytes> find(ResourcePath path) {
        return usingKeys(() -> database.read(
                "find a secret",
                connection -> new ResourceTable(connection).newest(path).map(this::open)));
    }

    @Override
    public List<Version> versions(ResourcePath path) {
        return database.read(
                "list the versions of a secret", connection -> new ResourceTable(connection).versions(path));
    }

    @Override
    public OptionalLong restore(ResourcePath path, long version, String actor) {
        return database.write("restore a secret", connection -> {
            ResourceTable table = new ResourceTable(connection);
            Optional<StoredResource> earlier = table.version(path, version);
            if (earlier.isEmpty()) {
                return OptionalLong.empty();
            }
            long newest = table.highestVersion(path) + 1;
            try (SecretBytes secret = usingKeys(() -> open(earlier.get()))) {
                insert(table, path, newest, secret);
            }
            audit.record(event(actor, Action.RESTORE, path, "version " + version + " as " + newest), connection);
            return OptionalLong.of(newest);
        });
    }

    @Override
    public List<ResourcePath> list() {
        return database.read("list the secrets", connection -> new ResourceTable(connection).paths());
    }

    @Override
    public boolean delete(ResourcePath path, String actor) {
        return database.write("delete a secret", connection -> {
            boolean deleted = new ResourceTable(connection).delete(path);
            if (deleted) {
                audit.record(event(actor, Action.DELETE, path, ""), connection);
            }
            return deleted;
        });
    }

    /// Uses other master keys from now on, and forgets those of before.
    void use(MasterKeys keys) {
        keysInUse.writeLock().lock();
        try {
            masterKeys.close();
            masterKeys = keys;
        } finally {
            keysInUse.writeLock().unlock();
        }
    }

    /// Wraps by the first master key what the others wrap, a few at a time; others write in between.
    public void wrapAnew() {
        boolean more = true;
        while (more) {
            more = database.write("wrap secrets anew", connection -> {
                ResourceTable table = new ResourceTable(connection);
                List<StoredResource> some =
                        table.notWrappedBy(usingKeys(() -> masterKeys.current().id()));
                for (StoredResource row : some) {
                    table.wrap(usingKeys(() -> wrappedByCurrent(row)));
                }
                return !some.isEmpty();
            });
        }
    }

    @Override
    public void close() {
        database.close();
        masterKeys.close();
    }

    private void insert(ResourceTable table, ResourcePath path, long version, SecretBytes secret) throws SQLException {
        StoredResource row = usingKeys(() -> {
            MasterKey current = masterKeys.current();
            return new StoredResource(path, version, current.id(), Envelope.seal(secret, current, path, version));
        });
        table.insert(row, clock.instant());
        table.dropOlder(path, version - keptVersions + 1);
    }

    private SecretBytes open(StoredResource row) {
        return row.envelope().open(masterKey(row), row.path(), row.version());
    }

    private StoredResource wrappedByCurrent(StoredResource row) {
        MasterKey current = masterKeys.current();
        Envelope wrapped = row.envelope().wrappedBy(current, masterKey(row), row.path(), row.version());
        return new StoredResource(row.path(), row.version(), current.id(), wrapped);
    }

    private MasterKey masterKey(StoredResource row) {
        return masterKeys
                .withId(row.masterKeyId())
                .orElseThrow(() -> new ResourceException.Unreadable(row.path().toString()));
    }

    private <T> T usingKeys(Supplier<T> work) {
        keysInUse.readLock().lock();
        try {
            return work.get();
        } finally {
            keysInUse.readLock().unlock();
        }
    }

    private static AuditEvent event(String actor, Action action, ResourcePath path, String detail) {
        return new AuditEvent(actor, action, path.toString(), Outcome.DONE, detail);
    }

    private void requireMasterKeys() {
        List<String> used =
                database.read("open the secrets", connection -> new ResourceTable(connection).masterKeyIds());
        if (!masterKeys.ids().containsAll(used)) {
            throw new ResourceException.Unreadable("secrets");
        }
    }
}
