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

    void write(PhysicalAddress table, int index, RttEntry entry, int level) {
        physical.writeWord(mecId, entry(table, index), descriptor().encode(entry, level));
    }

    void write(PhysicalAddress table, int first, List<RttEntry> entries, int level) {
        byte[] words = words(entries, level);
        physical.write(mecId, entry(table, first), words, 0, words.length);
    }

    /// Writes all entries of a table, whatever the granule held.
    void fill(PhysicalAddress table, List<RttEntry> entries, int level) {
        physical.fill(mecId, table, words(entries, level));
    }

    int references(PhysicalAddress table) {
        return granules.at(table).orElseThrow().references();
    }

    void addReferences(PhysicalAddress table, int change) {
        if (change != 0) {
            granules.at(table).orElseThrow().addReferences(change);
        }
    }

    private byte[] words(List<RttEntry> entries, int level) {
        ByteBuffer words = ByteBuffer.allocate(entries.size() * Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        entries.forEach(entry -> words.putLong(descriptor().encode(entry, level)));
        return words.array();
    }

    private static PhysicalAddress entry(PhysicalAddress table, int index) {
        return table.plus((long) index * Long.BYTES);
    }
}
