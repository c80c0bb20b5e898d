// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.host.machine;

import dev.realmesh.cca.abi.PhysicalAddress;

/// A probe and an interposer on a machine's memory, for tests of what hostile DRAM sees and does.
public final class MemoryProbe {
    private final Machine machine;

    public MemoryProbe(Machine machine) {
        this.machine = machine;
    }

    /// The bytes that the memory holds.
    public byte[] read(PhysicalAddress granule) {
        return machine.probe(granule);
    }

    /// Changes the bytes that the memory holds.
    public void write(PhysicalAddress granule, byte[] bytes) {
        machine.interpose(granule, bytes);
    }
}
