// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.host.rmm.realm;

import dev.realmesh.cca.abi.PhysicalAddress;
import dev.realmesh.host.rmm.granule.Granule;
import dev.realmesh.host.rmm.granule.Hold;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// All Realms, by their descriptors, and the VMIDs that they occupy.
public final class RealmTable {
    private final Map<PhysicalAddress, Realm> realms = new ConcurrentHashMap<>();
    private final Set<Integer> vmids = ConcurrentHashMap.newKeySet();

    /// The Realm of a granule in state RD whose lock is held.
    ///
    /// @throws IllegalStateException if there is none, or `hold` does not lock it
    public Realm of(Hold hold, Granule descriptor) {
        hold.requireLocked(descriptor);
        Realm realm = realms.get(descriptor.address());
        if (realm == null) {
            throw new IllegalStateException("granule " + descriptor.address() + ": no Realm (expected: one)");
        }
        return realm;
    }

    /// All Realms now; nothing is locked.
    public List<Realm> all() {
        return List.copyOf(realms.values());
    }

    /// Occupies a VMID; false if another Realm has it.
    public boolean reserveVmid(int vmid) {
        return vmids.add(vmid);
    }

    /// Frees a VMID that was occupied for nothing.
    public void freeVmid(int vmid) {
        vmids.remove(vmid);
    }

    /// Adds a Realm whose VMID is reserved.
    public void add(Realm realm) {
        realms.put(realm.descriptor().address(), realm);
    }

    /// Removes a Realm and frees its VMID.
    public void remove(Realm realm) {
        realms.remove(realm.descriptor().address());
        vmids.remove(realm.vmid());
    }
}
