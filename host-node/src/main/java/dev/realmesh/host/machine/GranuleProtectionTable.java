// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.host.machine;

import dev.realmesh.cca.abi.PhysicalAddress;
import java.util.Arrays;

/// The granule protection table: which physical address space each granule of DRAM belongs to. Regions beside DRAM keep
/// what they start with.
final class GranuleProtectionTable {
    private final AddressMap map;
    private final MemoryRange dram;
    private final byte[] granules;

    GranuleProtectionTable(AddressMap map) {
        this.map = map;
        this.dram = map.dram();
        this.granules = new byte[Math.toIntExact(dram.size() / PhysicalAddress.GRANULE_SIZE)];
        for (AddressMap.Region region : map.regions()) {
            if (region.kind() == AddressMap.Kind.DRAM) {
                int first = index(region.range().base());
                int count = (int) (region.range().size() / PhysicalAddress.GRANULE_SIZE);
                Arrays.fill(granules, first, first + count, (byte)
                        region.protection().code());
            }
        }
    }

    /// What the granule at `address` is.
    Gpi at(PhysicalAddress address) {
        if (dram.contains(address)) {
            return Gpi.ofCode(granules[index(address)]);
        }
        return map.regions().stream()
                .filter(region -> region.range().contains(address))
                .map(AddressMap.Region::protection)
                .findFirst()
                .orElse(Gpi.ANY);
    }

    /// Makes the DRAM granule at `address` belong to `pas`.
    void set(PhysicalAddress address, Pas pas) {
        granules[index(address)] = (byte) Gpi.of(pas).code();
    }

    private int index(PhysicalAddress address) {
        return (int) ((address.value() - dram.base().value()) / PhysicalAddress.GRANULE_SIZE);
    }
}
