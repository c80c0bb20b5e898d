// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.host.vmm;

import dev.realmesh.cca.abi.PhysicalAddress;
import java.util.BitSet;

/// The host's free physical memory, by granule. Thread-safe: several Realms are built at once.
public final class GranulePool {
    /// Granules of a run: as many as one block of a translation table maps.
    static final int RUN = 512;

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

    /// Takes `wanted` if it is free, else another granule.
    ///
    /// @throws VmmException.OutOfGranules if none is free
    synchronized PhysicalAddress take(PhysicalAddress wanted) {
        long index = (wanted.value() - base) / PhysicalAddress.GRANULE_SIZE;
        if (index < 0 || index >= granules || used.get((int) index)) {
            return take();
        }
        used.set((int) index);
        free--;
        return wanted;
    }

    /// Takes the first granule of an aligned run that is free as a whole, the highest there is: single granules come
    /// from the other end, so that the rest of the run stays free for long. Without such a run, any granule.
    ///
    /// @throws VmmException.OutOfGranules if none is free
    synchronized PhysicalAddress takeStartOfRun() {
        int before = (int) (base / PhysicalAddress.GRANULE_SIZE % RUN);
        int first = startOfRun(granules, before) - RUN;
        while (first >= 0) {
            int busy = used.previousSetBit(first + RUN - 1);
            if (busy < first) {
                return take(address(first));
            }
            first = startOfRun(busy, before) - RUN;
        }
        return take();
    }

    private static int startOfRun(int index, int before) {
        return (index + before) / RUN * RUN - before;
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
