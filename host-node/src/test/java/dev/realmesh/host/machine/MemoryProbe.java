// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.host.machine;

import dev.realmesh.cca.abi.PhysicalAddress;

/// A probe on a machine's memory, for tests that look for plaintext.
public final class MemoryProbe {
    private final Machine machine;

    public MemoryProbe(Machine machine) {
        this.machine = machine;
    }

    /// The bytes that the memory holds.
    public byte[] read(PhysicalAddress granule) {
        return machine.probe(granule);
    }
}
