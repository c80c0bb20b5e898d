// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.host.machine;

import dev.realmesh.cca.abi.PhysicalAddress;

/// The machine refused an access; nothing was read or written by it.
public abstract sealed class MachineFault extends RuntimeException {
    private final PhysicalAddress address;

    private MachineFault(PhysicalAddress address, String message) {
        super(message, null, false, false);
        this.address = address;
    }

    /// Where.
    public PhysicalAddress address() {
        return address;
    }

    /// The granule does not belong to the physical address space that the access named.
    public static final class GranuleProtection extends MachineFault {
        GranuleProtection(PhysicalAddress address, Pas named, Gpi is) {
            super(address, "access to " + address + " through " + named + ": granule is " + is);
        }
    }

    /// The security state may not name this physical address space at all.
    public static final class SpaceNotAccessible extends MachineFault {
        SpaceNotAccessible(PhysicalAddress address, SecurityState state, Pas named) {
            super(address, "access to " + address + ": " + named + " (expected: a space that " + state + " may name)");
        }
    }

    /// No memory answers at this address.
    public static final class NoMemory extends MachineFault {
        NoMemory(PhysicalAddress address) {
            super(address, "access to " + address + ": no memory (expected: DRAM)");
        }
    }
}
