// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.host.vmm;

import dev.realmesh.cca.abi.PhysicalAddress;
import java.util.BitSet;

/// The host's free physical memory, by granule. Thread-safe: several Realms are built at once.
public final class GranulePool {
    private final long base;
    private final int granules;
    private final BitSet used = new BitSet();
    private int free;
    private int hint;

    /// @param base first granule that the host may use
    /// @param bytes length of the memory from there; whole granules
    public GranulePool(PhysicalAddress base, long bytes) {
        this.base = base.value();
        this.granules = Math.toIntExact(bytes / PhysicalAddress.GRANULE_SIZE);
        this.free = granules;
    }

    /// Takes one granule.
    ///
    /// @throws VmmException.OutOfGranules if none is free
    synchronized PhysicalAddress take() {
        int index = used.nextClearBit(hint);
        if (index >= granules) {
            index = used.nextClearBit(0);
        }
        if (index >= granules) {
            throw new VmmException.OutOfGranules(granules);
        }
        used.set(index);
        free--;
        hint = index + 1;
        return address(index);
    }

    /// Takes `count` granules that follow each other, the first of them aligned to `count` granules; `count` is a power
    /// of two.
    ///
    /// @throws VmmException.OutOfGranules if there is no such run
    synchronized PhysicalAddress takeAligned(int count) {
        int misaligned = (int) (base / PhysicalAddress.GRANULE_SIZE % count);
        for (int first = (count - misaligned) % count; first + count <= granules; first += count) {
            int next = used.nextSetBit(first);
            if (next < 0 || next >= first + count) {
                used.set(first, first + count);
                free -= count;
                return address(first);
            }
        }
        throw new VmmException.OutOfGranules(granules);
    }

    /// Gives a granule back.
    synchronized void give(PhysicalAddress granule) {
        int index = (int) ((granule.value() - base) / PhysicalAddress.GRANULE_SIZE);
        used.clear(index);
        free++;
        hint = Math.min(hint, index);
    }

    /// Granules that nobody uses.
    public synchronized int free() {
        return free;
    }

    private PhysicalAddress address(int index) {
        return new PhysicalAddress(base + (long) index * PhysicalAddress.GRANULE_SIZE);
    }
}
