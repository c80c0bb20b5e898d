// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.keybroker.resource;

import dev.realmesh.kbs.audit.AuditEvent;
import dev.realmesh.kbs.audit.AuditEvent.Action;
import dev.realmesh.kbs.audit.AuditEvent.Outcome;
import dev.realmesh.keybroker.audit.AuditLog;

/// Replaces the master key while the broker goes on: a new one is put in front, the keys of all envelopes are wrapped
/// anew, then the older ones are forgotten. Secrets are not encrypted anew. A broker that ends in between goes on at
/// its
/// next start.
public final class RotateMasterKey {
    private final MasterKeyFile file;
    private final SqlResourceRepository resources;
    private final AuditLog audit;

    /// The rotation of a broker's own key.
    public RotateMasterKey(MasterKeyFile file, SqlResourceRepository resources, AuditLog audit) {
        this.file = file;
        this.resources = resources;
        this.audit = audit;
    }

    /// Does it.
    ///
    /// @param actor who asked for it
    /// @return the id of the new key
    /// @throws dev.realmesh.storage.StorageException if the database fails; what was wrapped stays so
    public synchronized String rotate(String actor) {
        file.addNew();
        resources.use(file.keys());
        String id = finish();
        audit.record(new AuditEvent(actor, Action.ROTATE, "master key " + id, Outcome.DONE, ""));
        return id;
    }

    /// Ends what an earlier rotation began, if it did not.
    ///
    /// @return the id of the key that wraps
    public synchronized String finish() {
        resources.wrapAnew();
        file.dropOlder();
        MasterKeys left = file.keys();
        resources.use(left);
        return left.current().id();
    }
}
