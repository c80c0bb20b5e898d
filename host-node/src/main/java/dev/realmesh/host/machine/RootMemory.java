// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.host.machine;

import dev.realmesh.cca.abi.PhysicalAddress;
import dev.realmesh.host.machine.MemoryBus.Access;

/// What EL3 alone may do to memory: move granules between physical address spaces, give encryption contexts new keys,
/// and name any space in an access.
public final class RootMemory {
    private final MemoryBus bus;

    RootMemory(MemoryBus bus) {
        this.bus = bus;
    }

    /// Gives a granule of the host to the Realm world.
    public GranuleTransition delegate(PhysicalAddress granule) {
        return bus.move(granule, Pas.NON_SECURE, Pas.REALM);
    }

    /// Gives a granule of the Realm world to the host.
    public GranuleTransition undelegate(PhysicalAddress granule) {
        return bus.move(granule, Pas.REALM, Pas.NON_SECURE);
    }

    /// Gives a memory encryption context a fresh key: what was written under it cannot be read again.
    public void refresh(MecId mecId) {
        bus.encryption().refresh(mecId);
    }

    /// Reads bytes inside a granule through `space`: the one that the granule belongs to.
    ///
    /// @throws MachineFault if it belongs to another
    public void read(Pas space, PhysicalAddress address, byte[] into) {
        bus.read(new Access(SecurityState.ROOT, space, address), into, 0, into.length);
    }
}
