// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.cca.abi;

/// A physical address (PA) of the machine. It says nothing of the physical address space that an access names.
///
/// @param value the address, unsigned
public record PhysicalAddress(long value) implements Comparable<PhysicalAddress> {
    /// Bytes of a granule: the unit of physical memory that changes hands between worlds.
    public static final int GRANULE_SIZE = 4096;

    /// Whether this is the first byte of a granule.
    public boolean isGranuleAligned() {
        return (value & (GRANULE_SIZE - 1)) == 0;
    }

    /// First byte of the granule that holds this address.
    public PhysicalAddress granule() {
        return new PhysicalAddress(value & -GRANULE_SIZE);
    }

    /// The address `bytes` further on.
    public PhysicalAddress plus(long bytes) {
        return new PhysicalAddress(value + bytes);
    }

    @Override
    public int compareTo(PhysicalAddress other) {
        return Long.compareUnsigned(value, other.value);
    }

    @Override
    public String toString() {
        return "0x" + Long.toHexString(value);
    }
}
