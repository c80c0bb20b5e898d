// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.host.rmm.rtt;

import dev.realmesh.cca.abi.PhysicalAddress;
import java.util.List;
import java.util.Optional;
import java.util.function.IntFunction;
import java.util.function.Predicate;

/// One table: 512 entries of a level, in the granule that the host gave for it. The granule's count of references is
/// the number of entries that are tables or pages of the Realm.
public final class RttTable {
    private static final int FIRST_LOOK = 2;

    private final TableMemory memory;
    private final PhysicalAddress address;
    private final int level;

    RttTable(TableMemory memory, PhysicalAddress address, int level) {
        this.memory = memory;
        this.address = address;
        this.level = level;
    }

    /// The granule.
    public PhysicalAddress address() {
        return address;
    }

    /// Its level.
    public int level() {
        return level;
    }

    /// How many entries keep the table from being destroyed.
    public int references() {
        return memory.references(address);
    }

    /// All entries.
    public List<RttEntry> entries() {
        return entries(0, IpaSpace.ENTRIES);
    }

    /// The one entry of the level above that says the same as this table; empty if there is none.
    public Optional<RttEntry> folded() {
        RttEntry first = get(0);
        boolean foldable = !(first instanceof RttEntry.Table)
                && isAlignedAbove(first)
                && memory.holds(address, number -> first.unfolded(number, level), level);
        return foldable ? Optional.of(first) : Optional.empty();
    }

    RttEntry get(int index) {
        return memory.read(address, index, level);
    }

    List<RttEntry> entries(int first, int count) {
        return memory.read(address, first, count, level);
    }

    /// Number of the first entry from `from` on for which `goesOn` is false; 512 if there is none.
    int end(int from, Predicate<RttEntry> goesOn) {
        int number = from;
        for (int look = FIRST_LOOK; number < IpaSpace.ENTRIES; look *= 2) {
            for (RttEntry entry : entries(number, Math.min(look, IpaSpace.ENTRIES - number))) {
                if (!goesOn.test(entry)) {
                    return number;
                }
                number++;
            }
        }
        return number;
    }

    /// Fills a table whose granule counts nothing yet: the entry with number `n` becomes `entry` of `n`.
    void fill(IntFunction<RttEntry> entry) {
        memory.addReferences(address, memory.fill(address, entry, level));
    }

    /// Replaces entry `index`, which is `was`.
    void set(int index, RttEntry was, RttEntry entry) {
        memory.write(address, index, entry, level);
        memory.addReferences(address, (entry.isCounted() ? 1 : 0) - (was.isCounted() ? 1 : 0));
    }

    /// Replaces entries from `first` on by others of which as many count.
    void set(int first, List<RttEntry> entries) {
        memory.write(address, first, entries, level);
    }

    /// Counts nothing any more: the entry above says now what the table said.
    void clearReferences() {
        memory.addReferences(address, -references());
    }

    private boolean isAlignedAbove(RttEntry first) {
        return (first.descriptor() & (IpaSpace.entrySize(level - 1) - 1) & -PhysicalAddress.GRANULE_SIZE) == 0;
    }
}
