// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.host.rmm.realm;

import dev.realmesh.host.machine.MecId;
import dev.realmesh.host.rmm.monitor.MemoryServices;
import java.util.BitSet;
import java.util.Optional;

/// Memory encryption contexts: each Realm has one of its own. EL3 gives it a fresh key when a Realm gets it, and again
/// when the Realm is gone.
public final class MecIds {
    private final MemoryServices monitor;
    private final BitSet used = new BitSet(MecId.COUNT);

    /// Contexts of which none is used but the RMM's own, 0.
    public MecIds(MemoryServices monitor) {
        this.monitor = monitor;
        used.set(0);
    }

    /// A context that no Realm has; empty if there is none.
    public synchronized Optional<MecId> reserve() {
        int free = used.nextClearBit(0);
        if (free == MecId.COUNT) {
            return Optional.empty();
        }
        used.set(free);
        MecId mecId = new MecId(free);
        monitor.refreshEncryption(mecId);
        return Optional.of(mecId);
    }

    /// Lets a context go: what was written under it is noise now.
    public synchronized void release(MecId mecId) {
        monitor.refreshEncryption(mecId);
        used.clear(mecId.value());
    }
}
