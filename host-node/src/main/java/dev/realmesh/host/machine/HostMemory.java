// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.host.machine;

import dev.realmesh.cca.abi.PhysicalAddress;
import dev.realmesh.host.machine.MemoryBus.Access;

/// Physical memory as the host sees it: through the non-secure space only. A granule that was delegated faults with
/// [MachineFault.GranuleProtection].
public final class HostMemory {
    private static final int GRANULE = PhysicalAddress.GRANULE_SIZE;

    private final MemoryBus bus;
    private final MemoryRange dram;

    HostMemory(MemoryBus bus, MemoryRange dram) {
        this.bus = bus;
        this.dram = dram;
    }

    /// DRAM that belongs to the host at reset.
    public MemoryRange dram() {
        return dram;
    }

    /// Reads `length` bytes at `address` into `into` from `offset` on.
    ///
    /// @throws MachineFault if a granule is not the host's; granules before it were read
    public void read(PhysicalAddress address, byte[] into, int offset, int length) {
        for (int done = 0; done < length; ) {
            PhysicalAddress at = address.plus(done);
            int part = Math.min(length - done, inGranule(at));
            bus.read(access(at), into, offset + done, part);
            done += part;
        }
    }

    /// Writes `length` bytes of `from` from `offset` on to `address`.
    ///
    /// @throws MachineFault if a granule is not the host's; granules before it were written
    public void write(PhysicalAddress address, byte[] from, int offset, int length) {
        for (int done = 0; done < length; ) {
            PhysicalAddress at = address.plus(done);
            int part = Math.min(length - done, inGranule(at));
            bus.write(access(at), from, offset + done, part);
            done += part;
        }
    }

    /// A copy of the granule at `address`.
    ///
    /// @throws MachineFault if it is not the host's
    public byte[] readGranule(PhysicalAddress address) {
        byte[] granule = new byte[GRANULE];
        read(address.granule(), granule, 0, GRANULE);
        return granule;
    }

    /// Writes `bytes` to `address`.
    ///
    /// @throws MachineFault if a granule is not the host's; granules before it were written
    public void write(PhysicalAddress address, byte[] bytes) {
        write(address, bytes, 0, bytes.length);
    }

    private static Access access(PhysicalAddress address) {
        return new Access(SecurityState.NON_SECURE, Pas.NON_SECURE, address);
    }

    private static int inGranule(PhysicalAddress address) {
        return GRANULE - (int) (address.value() & (GRANULE - 1));
    }
}
