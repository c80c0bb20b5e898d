// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.host.rmm.rec;

import dev.realmesh.cca.abi.PhysicalAddress;
import dev.realmesh.host.rmm.granule.Granule;
import dev.realmesh.host.rmm.granule.Hold;
import dev.realmesh.host.rmm.realm.Realm;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/// All RECs, by their granules.
public final class RecTable {
    private final Map<PhysicalAddress, Rec> recs = new ConcurrentHashMap<>();

    /// The REC of a granule in state REC whose lock is held.
    ///
    /// @throws IllegalStateException if there is none, or `hold` does not lock it
    public Rec of(Hold hold, Granule granule) {
        hold.requireLocked(granule);
        Rec rec = recs.get(granule.address());
        if (rec == null) {
            throw new IllegalStateException("granule " + granule.address() + ": no REC (expected: one)");
        }
        return rec;
    }

    /// The RECs of `realm` now; nothing is locked.
    public List<Rec> of(Realm realm) {
        return recs.values().stream().filter(rec -> rec.realm() == realm).toList();
    }

    /// Whether `realm` has a processor with `mpidr`.
    public boolean has(Realm realm, long mpidr) {
        return recs.values().stream().anyMatch(rec -> rec.realm() == realm && rec.mpidr() == mpidr);
    }

    /// Adds a REC.
    public void add(Rec rec) {
        recs.put(rec.granule().address(), rec);
    }

    /// Removes a REC.
    public void remove(Rec rec) {
        recs.remove(rec.granule().address());
    }
}
