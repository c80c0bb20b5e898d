// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.host.rmm.census;

import dev.realmesh.host.rmm.rtt.IpaSpace;
import dev.realmesh.host.rmm.rtt.RealmTranslation;
import dev.realmesh.host.rmm.rtt.RttEntry;
import dev.realmesh.host.rmm.rtt.RttTable;
import java.util.HashMap;
import java.util.Map;

/// Counts the tables of a Realm and what they map.
final class CountTables {
    private final RealmTranslation translation;
    private final Map<Integer, Integer> tables = new HashMap<>();
    private long ownBytes;
    private long sharedBytes;

    CountTables(RealmTranslation translation) {
        this.translation = translation;
    }

    RealmCensus.Translation count() {
        translation.startTables().forEach(this::count);
        return new RealmCensus.Translation(translation.space().width(), tables, ownBytes, sharedBytes);
    }

    private void count(RttTable table) {
        tables.merge(table.level(), 1, Integer::sum);
        for (RttEntry entry : table.entries()) {
            switch (entry) {
                case RttEntry.Table next -> count(translation.table(table, next));
                case RttEntry.Assigned own -> ownBytes += IpaSpace.entrySize(table.level());
                case RttEntry.AssignedShared shared -> sharedBytes += IpaSpace.entrySize(table.level());
                case RttEntry.Unassigned nothing -> {}
                case RttEntry.UnassignedShared nothing -> {}
            }
        }
    }
}
