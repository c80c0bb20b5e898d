// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.host.machine;

import dev.realmesh.cca.abi.PhysicalAddress;
import java.nio.charset.StandardCharsets;
import java.util.stream.LongStream;

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

    /// Whether `wanted` is anywhere in the machine's DRAM, inside a granule.
    public boolean contains(byte[] wanted) {
        String needle = new String(wanted, StandardCharsets.ISO_8859_1);
        return machine.addressMap().regions().stream()
                .filter(region -> region.kind() == AddressMap.Kind.DRAM)
                .flatMap(region -> LongStream.range(0, region.range().size() / PhysicalAddress.GRANULE_SIZE)
                        .mapToObj(number -> region.range().base().plus(number * PhysicalAddress.GRANULE_SIZE)))
                .anyMatch(granule -> new String(read(granule), StandardCharsets.ISO_8859_1).contains(needle));
    }

    /// Changes the bytes that the memory holds.
    public void write(PhysicalAddress granule, byte[] bytes) {
        machine.interpose(granule, bytes);
    }
}
