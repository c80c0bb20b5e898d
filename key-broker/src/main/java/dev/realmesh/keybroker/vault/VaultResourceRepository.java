// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.keybroker.vault;

import dev.realmesh.kbs.ResourcePath;
import dev.realmesh.kbs.SecretBytes;
import dev.realmesh.kbs.audit.AuditEvent;
import dev.realmesh.kbs.audit.AuditEvent.Action;
import dev.realmesh.kbs.audit.AuditEvent.Outcome;
import dev.realmesh.keybroker.audit.AuditLog;
import dev.realmesh.keybroker.resource.ResourceException;
import dev.realmesh.keybroker.resource.ResourceRepository;
import dev.realmesh.storage.Database;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Function;

/// Secrets in Vault's KV engine. The audit log stays in the broker's database: a change is recorded after Vault has it,
/// and answered after that. How many versions are kept is the engine's own setting.
public final class VaultResourceRepository implements ResourceRepository {
    private final KvEngine engine;
    private final AuditLog audit;
    private final Database database;

    /// Secrets in an engine.
    ///
    /// @param database the audit log's, in which new secrets take turns
    public VaultResourceRepository(VaultConnection vault, VaultConfig.Kv kv, AuditLog audit, Database database) {
        this.engine = kv.engineVersion() == 1 ? new KvV1(vault, kv.mount()) : new KvV2(vault, kv.mount());
        this.audit = audit;
        this.database = database;
    }

    @Override
    public void put(ResourcePath path, SecretBytes secret, String actor) {
        long version = withBytes(secret, bytes -> engine.write(path, bytes));
        audit.record(event(actor, Action.PUT, path, version == 0 ? "" : "version " + version));
    }

    @Override
    public boolean putNew(ResourcePath path, SecretBytes secret, String actor) {
        // In a transaction that writes, which instances have one at a time: KV version 1 has no check-and-set.
        return database.write("store a new secret in Vault", connection -> {
            boolean stored = withBytes(secret, bytes -> engine.writeNew(path, bytes));
            if (stored) {
                audit.record(event(actor, Action.PUT, path, "new"), connection);
            }
            return stored;
        });
    }

    @Override
    public Optional<SecretBytes> find(ResourcePath path) {
        return engine.read(path).map(SecretBytes::taking);
    }

    @Override
    public List<Version> versions(ResourcePath path) {
        return engine.versions(path);
    }

    @Override
    public OptionalLong restore(ResourcePath path, long version, String actor) {
        Optional<byte[]> earlier = engine.read(path, version);
        if (earlier.isEmpty()) {
            return OptionalLong.empty();
        }
        long newest;
        try (SecretBytes secret = SecretBytes.taking(earlier.get())) {
            newest = withBytes(secret, bytes -> engine.write(path, bytes));
        }
        audit.record(event(actor, Action.RESTORE, path, "version " + version + " as " + newest));
        return OptionalLong.of(newest);
    }

    @Override
    public List<ResourcePath> list() {
        return engine.paths();
    }

    @Override
    public boolean delete(ResourcePath path, String actor) {
        boolean deleted = engine.delete(path);
        if (deleted) {
            audit.record(event(actor, Action.DELETE, path, ""));
        }
        return deleted;
    }

    private static <T> T withBytes(SecretBytes secret, Function<byte[], T> work) {
        ResourceException.WrongSize.check(secret);
        byte[] bytes = secret.reveal();
        try {
            return work.apply(bytes);
        } finally {
            Arrays.fill(bytes, (byte) 0);
        }
    }

    private static AuditEvent event(String actor, Action action, ResourcePath path, String detail) {
        return new AuditEvent(actor, action, path.toString(), Outcome.DONE, detail);
    }
}
