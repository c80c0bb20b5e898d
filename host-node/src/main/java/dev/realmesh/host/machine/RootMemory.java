// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.host.machine;

import dev.realmesh.cca.abi.PhysicalAddress;

/// What EL3 alone may do to memory: move granules between physical address spaces.
public final class RootMemory {
    private final MemoryBus bus;

    RootMemory(MemoryBus bus) {
        this.bus = bus;
    }

    /// Gives a granule of the host to the Realm world; false if it is not the host's.
    public boolean delegate(PhysicalAddress granule) {
        return bus.move(granule, Pas.NON_SECURE, Pas.REALM);
    }

    /// Gives a granule of the Realm world to the host; false if it is not in the Realm space.
    public boolean undelegate(PhysicalAddress granule) {
        return bus.move(granule, Pas.REALM, Pas.NON_SECURE);
    }
}
