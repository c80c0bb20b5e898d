// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.host.rmm;

import static org.assertj.core.api.Assertions.assertThat;

import dev.realmesh.cca.abi.PhysicalAddress;
import dev.realmesh.host.machine.MecId;
import dev.realmesh.host.rmm.census.Census;
import dev.realmesh.host.rmm.census.RealmCensus;
import dev.realmesh.host.rmm.granule.GranuleState;
import dev.realmesh.host.rmm.realm.Realm;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HashMap;
import java.util.Map;

/// Counts everything again from the words of the translation tables in memory, as the hardware would read them, and
/// compares that with what the RMM says of its granules. Realms have 33-bit IPAs and start at level 2.
final class Recount {
    private static final int LAST_LEVEL = 3;
    private static final long ADDRESS = 0xFFFF_FFFF_F000L;
    private static final long NS = 1L << 55;

    private final TestPlatform platform;
    private final Map<PhysicalAddress, GranuleState> owned = new HashMap<>();
    private final Map<PhysicalAddress, Integer> references = new HashMap<>();

    private Recount(TestPlatform platform) {
        this.platform = platform;
    }

    /// Checks the first `granules` granules.
    ///
    /// @throws AssertionError if a granule belongs to two objects or to none, or counts are wrong
    static void check(TestPlatform platform, int granules) {
        Recount recount = new Recount(platform);
        Census census = platform.rmm.census();
        census.realms().forEach(recount::count);
        for (int number = 0; number < granules; number++) {
            recount.check(TestPlatform.granule(number));
        }
        long recs = recount.owned.values().stream()
                .filter(state -> state == GranuleState.REC)
                .count();
        assertThat(census.granules()).containsEntry(GranuleState.REC_AUX, 16 * recs);
    }

    private void count(RealmCensus census) {
        own(census.descriptor(), GranuleState.RD);
        references.put(census.descriptor(), census.recs().size());
        census.recs().forEach(rec -> own(rec.granule(), GranuleState.REC));
        Realm realm = platform.rmm.realm(census.descriptor());
        realm.translation().startTables().forEach(table -> count(realm.mecId(), table.address(), LAST_LEVEL - 1));
    }

    private void count(MecId mecId, PhysicalAddress table, int level) {
        own(table, GranuleState.RTT);
        byte[] bytes = new byte[PhysicalAddress.GRANULE_SIZE];
        platform.machine.realmWorldMemory().read(mecId, table, bytes, 0, bytes.length);
        ByteBuffer words = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        int live = 0;
        while (words.hasRemaining()) {
            long word = words.getLong();
            PhysicalAddress address = new PhysicalAddress(word & ADDRESS);
            if (level < LAST_LEVEL && (word & 3) == 3) {
                count(mecId, address, level + 1);
                live++;
            } else if ((word & NS) == 0 && address.value() != 0) {
                ownBlock(address, level);
                live++;
            }
        }
        references.put(table, live);
    }

    private void ownBlock(PhysicalAddress base, int level) {
        int pages = level == LAST_LEVEL ? 1 : 512;
        for (long page = 0; page < pages; page++) {
            own(base.plus(page * PhysicalAddress.GRANULE_SIZE), GranuleState.DATA);
        }
    }

    private void own(PhysicalAddress granule, GranuleState state) {
        GranuleState other = owned.put(granule, state);
        if (other != null) {
            throw new AssertionError("granule " + granule + ": belongs to " + other + " and " + state);
        }
    }

    private void check(PhysicalAddress granule) {
        GranuleState state = platform.rmm.stateOf(granule);
        boolean unowned = switch (state) {
            case NS, DELEGATED, REC_AUX -> true;
            case RD, REC, DATA, RTT -> false;
        };
        GranuleState owner = owned.get(granule);
        int counted = references.getOrDefault(granule, 0);
        if (owner != (unowned ? null : state) || platform.rmm.references(granule) != counted) {
            throw new AssertionError("granule " + granule + ": " + state + " with " + platform.rmm.references(granule)
                    + " references (expected: " + owner + " with " + counted + ")");
        }
    }
}
