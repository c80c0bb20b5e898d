// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.host.rmm.rtt;

import dev.realmesh.cca.abi.PhysicalAddress;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.IntFunction;

/// One table: 512 entries of a level, and the granule that the host gave for it.
public final class RttTable {
    private static final long ADDRESS_MASK = 0x0000_FFFF_FFFF_F000L;

    private final PhysicalAddress address;
    private final int level;
    private final RttEntry[] entries = new RttEntry[IpaSpace.ENTRIES];
    private int counted;

    private RttTable(PhysicalAddress address, int level, IntFunction<RttEntry> initial) {
        this.address = address;
        this.level = level;
        Arrays.setAll(entries, initial);
        this.counted = (int) Arrays.stream(entries).filter(RttEntry::isCounted).count();
    }

    /// A table whose entry with number `n` is `initial` of `n`.
    static RttTable of(PhysicalAddress address, int level, IntFunction<RttEntry> initial) {
        return new RttTable(address, level, initial);
    }

    /// A table whose entries together are what `parent` was.
    static RttTable unfolding(PhysicalAddress address, int level, RttEntry parent) {
        return new RttTable(address, level, number -> parent.unfolded(number, level));
    }

    /// The granule of the table.
    public PhysicalAddress address() {
        return address;
    }

    /// Whether entries keep the table from being destroyed.
    public boolean isInUse() {
        return counted > 0;
    }

    int level() {
        return level;
    }

    RttEntry get(int index) {
        return entries[index];
    }

    void set(int index, RttEntry entry) {
        counted += (entry.isCounted() ? 1 : 0) - (entries[index].isCounted() ? 1 : 0);
        entries[index] = entry;
    }

    /// The one entry of the level above that says the same as this table; empty if there is none.
    Optional<RttEntry> folded() {
        RttEntry first = entries[0];
        boolean mapsMemory = first instanceof RttEntry.Assigned || first instanceof RttEntry.AssignedShared;
        if (first instanceof RttEntry.Table || (mapsMemory && !mayFoldToBlock(first))) {
            return Optional.empty();
        }
        for (int number = 1; number < IpaSpace.ENTRIES; number++) {
            if (!entries[number].equals(first.unfolded(number, level))) {
                return Optional.empty();
            }
        }
        return Optional.of(first);
    }

    private boolean mayFoldToBlock(RttEntry first) {
        return level > 1 && (first.descriptor() & (IpaSpace.entrySize(level - 1) - 1) & ADDRESS_MASK) == 0;
    }
}
