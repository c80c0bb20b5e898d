// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.host.machine;

import dev.realmesh.cca.abi.PhysicalAddress;

/// A range of physical addresses.
///
/// @param base first address, granule-aligned
/// @param size bytes, a multiple of the granule
public record MemoryRange(PhysicalAddress base, long size) {
    public MemoryRange {
        if (!base.isGranuleAligned() || size <= 0 || size % PhysicalAddress.GRANULE_SIZE != 0) {
            throw new IllegalArgumentException("range: " + base + " + " + size + " (expected: whole granules)");
        }
    }

    /// The address after the last.
    public PhysicalAddress end() {
        return base.plus(size);
    }

    /// Whether `address` is inside.
    public boolean contains(PhysicalAddress address) {
        return Long.compareUnsigned(address.value() - base.value(), size) < 0;
    }
}
