// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.cca.abi;

/// An intermediate physical address (IPA): what a Realm takes for physical. Its lower half is protected, its upper half
/// is shared with the host.
///
/// @param value the address, unsigned
public record IntermediatePhysicalAddress(long value) implements Comparable<IntermediatePhysicalAddress> {
    /// Bytes of a page, the smallest unit that stage 2 maps.
    public static final int PAGE_SIZE = 4096;

    /// Whether this is the first byte of a page.
    public boolean isPageAligned() {
        return (value & (PAGE_SIZE - 1)) == 0;
    }

    /// Whether this is a multiple of `size`, a power of two.
    public boolean isAligned(long size) {
        return (value & (size - 1)) == 0;
    }

    /// The address `bytes` further on.
    public IntermediatePhysicalAddress plus(long bytes) {
        return new IntermediatePhysicalAddress(value + bytes);
    }

    @Override
    public int compareTo(IntermediatePhysicalAddress other) {
        return Long.compareUnsigned(value, other.value);
    }

    @Override
    public String toString() {
        return "0x" + Long.toHexString(value);
    }
}
