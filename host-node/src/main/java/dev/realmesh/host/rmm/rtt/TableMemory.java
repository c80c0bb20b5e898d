// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.host.rmm.rtt;

import dev.realmesh.cca.abi.PhysicalAddress;
import dev.realmesh.host.machine.MecId;
import dev.realmesh.host.machine.RealmWorldMemory;
import dev.realmesh.host.rmm.granule.GranuleTable;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

/// Where a Realm's tables are: granules of physical memory, encrypted under the Realm's context as its pages are. All
/// that the RMM knows of an entry it reads from there.
///
/// @param physical physical memory
/// @param mecId the Realm's context
/// @param granules the granules, which count references
/// @param largeAddresses whether entries hold addresses of 52 bits (LPA2)
public record TableMemory(RealmWorldMemory physical, MecId mecId, GranuleTable granules, boolean largeAddresses) {
    /// How entries are written.
    RttDescriptor descriptor() {
        return new RttDescriptor(largeAddresses);
    }

    RttEntry read(PhysicalAddress table, int index, int level) {
        return descriptor().decode(physical.readWord(mecId, entry(table, index)), level);
    }

    List<RttEntry> read(PhysicalAddress table, int first, int count, int level) {
        byte[] words = new byte[count * Long.BYTES];
        physical.read(mecId, entry(table, first), words, 0, words.length);
        ByteBuffer entries = ByteBuffer.wrap(words).order(ByteOrder.LITTLE_ENDIAN);
        List<RttEntry> read = new ArrayList<>(count);
        while (entries.hasRemaining()) {
            read.add(descriptor().decode(entries.getLong(), level));
        }
        return read;
    }

    /// Whether the entry with number `n` is `entry` of `n`, for all entries of a table.
    boolean holds(PhysicalAddress table, IntFunction<RttEntry> entry, int level) {
        byte[] words = new byte[PhysicalAddress.GRANULE_SIZE];
        physical.read(mecId, table, words, 0, words.length);
        ByteBuffer entries = ByteBuffer.wrap(words).order(ByteOrder.LITTLE_ENDIAN);
        RttDescriptor descriptor = descriptor();
        return IntStream.range(0, IpaSpace.ENTRIES)
                .allMatch(number -> entries.getLong() == descriptor.encode(entry.apply(number), level));
    }

    void write(PhysicalAddress table, int index, RttEntry entry, int level) {
        physical.writeWord(mecId, entry(table, index), descriptor().encode(entry, level));
    }

    void write(PhysicalAddress table, int first, List<RttEntry> entries, int level) {
        ByteBuffer words = ByteBuffer.allocate(entries.size() * Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        entries.forEach(entry -> words.putLong(descriptor().encode(entry, level)));
        physical.write(mecId, entry(table, first), words.array(), 0, words.capacity());
    }

    /// Writes all entries of a table, whatever the granule held: that with number `n` becomes `entry` of `n`. Returns
    /// how
    /// many of them count.
    int fill(PhysicalAddress table, IntFunction<RttEntry> entry, int level) {
        ByteBuffer words = ByteBuffer.allocate(PhysicalAddress.GRANULE_SIZE).order(ByteOrder.LITTLE_ENDIAN);
        RttDescriptor descriptor = descriptor();
        int counted = 0;
        for (int number = 0; number < IpaSpace.ENTRIES; number++) {
            RttEntry each = entry.apply(number);
            words.putLong(descriptor.encode(each, level));
            counted += each.isCounted() ? 1 : 0;
        }
        physical.fill(mecId, table, words.array());
        return counted;
    }

    int references(PhysicalAddress table) {
        return granules.at(table).orElseThrow().references();
    }

    void addReferences(PhysicalAddress table, int change) {
        if (change != 0) {
            granules.at(table).orElseThrow().addReferences(change);
        }
    }

    private static PhysicalAddress entry(PhysicalAddress table, int index) {
        return table.plus((long) index * Long.BYTES);
    }
}
