// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.host.machine;

import dev.realmesh.cca.abi.PhysicalAddress;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/// The granule protection table of FEAT_RME, in two levels: an entry of level 0 speaks for 1 GiB, by itself as long as
/// all of it is alike, else by a table of level 1, whose words hold the information of 16 granules, four bits each.
/// Addresses beyond the table may be accessed through any space; nothing answers there.
///
/// The information of one granule changes under the bus's lock on that granule.
final class GranuleProtectionTable {
    private static final long LEVEL_0_SIZE = 1L << 30;
    private static final int GRANULES = (int) (LEVEL_0_SIZE / PhysicalAddress.GRANULE_SIZE);
    private static final int PER_WORD = 16;
    private static final int BITS = 4;
    private static final int MASK = 0xF;
    private static final long EACH = 0x1111_1111_1111_1111L;

    private final Gpi[] blocks;
    private final AtomicReferenceArray<@Nullable AtomicLongArray> tables;

    /// The table that firmware writes at boot for `map`; what lies between its regions is open.
    GranuleProtectionTable(AddressMap map) {
        long end = map.regions().getLast().range().end().value();
        int entries = Math.toIntExact((end + LEVEL_0_SIZE - 1) / LEVEL_0_SIZE);
        this.blocks = new Gpi[entries];
        this.tables = new AtomicReferenceArray<>(entries);
        Arrays.fill(blocks, Gpi.ANY);
        map.regions().forEach(region -> fill(region.range(), region.protection()));
    }

    /// What the granule at `address` is.
    Gpi at(PhysicalAddress address) {
        long entry = address.value() >>> Long.numberOfTrailingZeros(LEVEL_0_SIZE);
        if (entry >= blocks.length) {
            return Gpi.ANY;
        }
        AtomicLongArray table = tables.get((int) entry);
        return table == null ? blocks[(int) entry] : at(table, granule(address));
    }

    /// Makes the granule at `address` belong to `pas`.
    void set(PhysicalAddress address, Pas pas) {
        set(table(entry(address)), granule(address), Gpi.of(pas));
    }

    private void fill(MemoryRange range, Gpi gpi) {
        for (long at = range.base().value(); at < range.end().value(); ) {
            PhysicalAddress address = new PhysicalAddress(at);
            long block = at & -LEVEL_0_SIZE;
            long end = Math.min(block + LEVEL_0_SIZE, range.end().value());
            if (at == block && end == block + LEVEL_0_SIZE) {
                blocks[entry(address)] = gpi;
            } else {
                fill(table(entry(address)), granule(address), (int) ((end - at) / PhysicalAddress.GRANULE_SIZE), gpi);
            }
            at = end;
        }
    }

    private static void fill(AtomicLongArray table, int first, int count, Gpi gpi) {
        int end = first + count;
        for (int granule = first; granule < end; ) {
            if (granule % PER_WORD == 0 && end - granule >= PER_WORD) {
                table.set(granule / PER_WORD, gpi.code() * EACH);
                granule += PER_WORD;
            } else {
                set(table, granule, gpi);
                granule++;
            }
        }
    }

    /// The table of an entry of level 0; one that says the same as the entry did if there was none.
    private AtomicLongArray table(int entry) {
        AtomicLongArray table = tables.get(entry);
        if (table != null) {
            return table;
        }
        AtomicLongArray made = new AtomicLongArray(GRANULES / PER_WORD);
        fill(made, 0, GRANULES, blocks[entry]);
        AtomicLongArray other = tables.compareAndExchange(entry, null, made);
        return other == null ? made : other;
    }

    private static Gpi at(AtomicLongArray table, int granule) {
        return Gpi.ofCode((int) (table.get(granule / PER_WORD) >>> shift(granule)) & MASK);
    }

    private static void set(AtomicLongArray table, int granule, Gpi gpi) {
        long cleared = ~((long) MASK << shift(granule));
        long code = (long) gpi.code() << shift(granule);
        table.updateAndGet(granule / PER_WORD, word -> (word & cleared) | code);
    }

    private static int shift(int granule) {
        return granule % PER_WORD * BITS;
    }

    private static int entry(PhysicalAddress address) {
        return Math.toIntExact(address.value() / LEVEL_0_SIZE);
    }

    private static int granule(PhysicalAddress address) {
        return (int) (address.value() % LEVEL_0_SIZE / PhysicalAddress.GRANULE_SIZE);
    }
}
