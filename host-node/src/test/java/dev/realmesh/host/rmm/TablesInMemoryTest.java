// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.host.rmm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.realmesh.cca.RealmPersonalizationValue;
import dev.realmesh.cca.abi.RealmFeatures;
import dev.realmesh.cca.abi.RealmParams;
import dev.realmesh.cca.abi.RmiCommand;
import dev.realmesh.host.machine.MecId;
import dev.realmesh.host.machine.MemoryProbe;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// A Realm's translation tables are pages of memory under the Realm's own key: what commands write stands there, and
/// what stands there is what counts.
class TablesInMemoryTest {
    private static final int RD = 8;
    private static final int TABLE = 9;
    private static final int PARAMETERS = 10;
    private static final long RAM = 0x8000_0000L;
    private static final MecId FIRST_REALM = new MecId(1);

    private final TestPlatform platform = new TestPlatform(context -> new IdleProcessor());
    private final MemoryProbe probe = new MemoryProbe(platform.machine);

    @BeforeEach
    void makeRealm() {
        for (int number = 0; number <= TABLE; number++) {
            platform.succeed(RmiCommand.GRANULE_DELEGATE, granule(number));
        }
        RealmParams params = new RealmParams(
                new RealmFeatures(0, 33, 0, 1, 1, 0, 0),
                RealmPersonalizationValue.NONE,
                1,
                new RealmParams.RttRoot(granule(0), 2, 8));
        platform.memory.write(TestPlatform.granule(PARAMETERS), params.encode());
        platform.succeed(RmiCommand.REALM_CREATE, granule(RD), granule(PARAMETERS));
    }

    @AfterEach
    void powerOff() {
        platform.close();
    }

    @Test
    void startsWithEmptyAndSharedEntries() {
        for (int index : new int[] {0, 511}) {
            assertThat(entry(0, index)).isEqualTo(0xC0);
            assertThat(entry(3, index)).isEqualTo(0xC0);
            assertThat(entry(4, index)).isEqualTo(1L << 55);
            assertThat(entry(7, index)).isEqualTo(1L << 55);
        }
    }

    @Test
    void changesEntriesWithEachCommand() {
        int tables = 2;
        platform.succeed(RmiCommand.RTT_CREATE, granule(RD), granule(TABLE), RAM, 3);
        assertThat(entry(tables, 0)).isEqualTo(granule(TABLE) | 3);
        assertThat(references(tables)).isEqualTo(1);
        assertThat(entry(TABLE, 0)).isEqualTo(0xC0);

        platform.succeed(RmiCommand.RTT_INIT_RIPAS, granule(RD), RAM, RAM + 0x2000);
        assertThat(entry(TABLE, 1)).isEqualTo(0xC2);
        assertThat(entry(TABLE, 2)).isEqualTo(0xC0);

        platform.succeed(RmiCommand.GRANULE_DELEGATE, granule(11));
        platform.succeed(RmiCommand.DATA_CREATE_UNKNOWN, granule(RD), granule(11), RAM);
        assertThat(entry(TABLE, 0)).isEqualTo(granule(11) | 0x7DB);
        assertThat(references(TABLE)).isEqualTo(1);

        platform.succeed(RmiCommand.DATA_DESTROY, granule(RD), RAM);
        assertThat(entry(TABLE, 0)).isEqualTo(0xC4);
        assertThat(references(TABLE)).isZero();

        platform.succeed(RmiCommand.RTT_DESTROY, granule(RD), RAM, 3);
        assertThat(entry(tables, 0)).isEqualTo(0xC4);
        assertThat(references(tables)).isZero();
        assertThat(probe.read(TestPlatform.granule(TABLE))).containsOnly(0);
    }

    @Test
    void holdsTheHostsDescriptorWithWhatTheRmmAdds() {
        long shared = 1L << 32;
        platform.succeed(RmiCommand.RTT_MAP_UNPROTECTED, granule(RD), shared, 2, 0x4020_00DC);
        assertThat(entry(4, 0)).isEqualTo(0x00C0_0000_4020_07DDL);
        assertThat(references(4)).isZero();
        platform.succeed(RmiCommand.RTT_CREATE, granule(RD), granule(TABLE), shared, 3);
        assertThat(entry(TABLE, 511)).isEqualTo(0x00C0_0000_403F_F7DFL);
        assertThat(references(4)).isEqualTo(1);
        assertThat(references(TABLE)).isZero();
    }

    @Test
    void isCiphertextInMemory() {
        byte[] bytes = probe.read(TestPlatform.granule(0));
        int repeated = 0;
        for (int at = 8; at < bytes.length; at += 8) {
            repeated += bytes[at] == bytes[at - 8] && bytes[at + 1] == bytes[at - 7] ? 1 : 0;
        }
        assertThat(repeated).as("entries that look like the one before").isLessThan(4);
    }

    @Test
    void translatesByWhatStandsInMemory() {
        platform.succeed(RmiCommand.RTT_CREATE, granule(RD), granule(TABLE), RAM, 3);
        byte[] before = probe.read(TestPlatform.granule(TABLE));
        platform.succeed(RmiCommand.GRANULE_DELEGATE, granule(11));
        platform.succeed(RmiCommand.DATA_CREATE_UNKNOWN, granule(RD), granule(11), RAM);
        assertThat(state(RAM)).isEqualTo(1);
        probe.write(TestPlatform.granule(TABLE), before);
        assertThat(state(RAM)).as("after hostile memory replayed the table").isZero();
    }

    @Test
    void stopsAtNoiseInATable() {
        platform.succeed(RmiCommand.RTT_CREATE, granule(RD), granule(TABLE), RAM, 3);
        probe.write(TestPlatform.granule(TABLE), probe.read(TestPlatform.granule(0)));
        assertThatThrownBy(() -> state(RAM)).isInstanceOf(IllegalStateException.class);
    }

    private long state(long ipa) {
        return platform.succeed(RmiCommand.RTT_READ_ENTRY, granule(RD), ipa, 3).x2();
    }

    private long entry(int table, int index) {
        return platform.machine
                .realmWorldMemory()
                .readWord(FIRST_REALM, TestPlatform.granule(table).plus(8L * index));
    }

    private int references(int granule) {
        return platform.rmm.references(TestPlatform.granule(granule));
    }

    private static long granule(int number) {
        return TestPlatform.granule(number).value();
    }
}
