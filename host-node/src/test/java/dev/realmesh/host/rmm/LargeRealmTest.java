// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.host.rmm;

import static org.assertj.core.api.Assertions.assertThat;

import dev.realmesh.cca.RealmPersonalizationValue;
import dev.realmesh.cca.abi.GeneralRegisters;
import dev.realmesh.cca.abi.RealmFeatures;
import dev.realmesh.cca.abi.RealmParams;
import dev.realmesh.cca.abi.RecParams;
import dev.realmesh.cca.abi.RmiCommand;
import dev.realmesh.cca.abi.RmiStatus;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// A Realm with 48-bit IPAs, whose tables begin at level 0, and with as many RECs as there may be.
class LargeRealmTest {
    private static final long SHARED = 1L << 47;
    private static final long GIB = 1L << 30;

    private final TestPlatform platform = new TestPlatform(context -> new IdleProcessor(), 96 << 20);
    private int nextGranule;
    private final long rd = delegated();

    @BeforeEach
    void makeRealm() {
        long tables = delegated();
        long params = platform.memory.dram().base().value();
        platform.memory.write(
                platform.memory.dram().base(),
                new RealmParams(
                                new RealmFeatures(0, 48, 0, 1, 1, 0, 0),
                                RealmPersonalizationValue.NONE,
                                1,
                                new RealmParams.RttRoot(tables, 0, 1))
                        .encode());
        platform.succeed(RmiCommand.REALM_CREATE, rd, params);
    }

    @AfterEach
    void powerOff() {
        platform.close();
    }

    @Test
    void namesTheLevelWhereATableIsMissing() {
        long data = delegated();
        for (int reached = 0; reached < 3; reached++) {
            RmiStatus missing = RmiStatus.errorRtt(reached);
            assertThat(platform.call(RmiCommand.DATA_CREATE_UNKNOWN, rd, data, 0)
                            .status())
                    .isEqualTo(missing);
            assertThat(platform.call(RmiCommand.DATA_DESTROY, rd, 0).status()).isEqualTo(missing);
            assertThat(platform.call(RmiCommand.RTT_FOLD, rd, 0, 3).status()).isEqualTo(missing);
            assertThat(platform.call(RmiCommand.RTT_DESTROY, rd, 0, 3).status()).isEqualTo(missing);
            if (reached < 2) {
                assertThat(platform.call(RmiCommand.RTT_CREATE, rd, data, 0, 3).status())
                        .isEqualTo(missing);
            }
            platform.succeed(RmiCommand.RTT_CREATE, rd, delegated(), 0, reached + 1);
        }
        platform.succeed(RmiCommand.DATA_CREATE_UNKNOWN, rd, data, 0);
    }

    @Test
    void foldsNoBlocksIntoOneOfLevelZero() {
        platform.succeed(RmiCommand.RTT_CREATE, rd, delegated(), SHARED, 1);
        for (long block = 0; block < 512; block++) {
            platform.succeed(RmiCommand.RTT_MAP_UNPROTECTED, rd, SHARED + block * GIB, 1, block * GIB);
        }
        assertThat(platform.call(RmiCommand.RTT_FOLD, rd, SHARED, 1).status()).isEqualTo(RmiStatus.errorRtt(0));
        platform.succeed(RmiCommand.RTT_UNMAP_UNPROTECTED, rd, SHARED, 1);
        assertThat(platform.call(RmiCommand.RTT_FOLD, rd, SHARED, 1).status()).isEqualTo(RmiStatus.errorRtt(1));
    }

    @Test
    void foldsNoTablesIntoABlock() {
        platform.succeed(RmiCommand.RTT_CREATE, rd, delegated(), 0, 1);
        for (long table = 0; table < 512; table++) {
            assertThat(platform.call(RmiCommand.RTT_FOLD, rd, 0, 1).status())
                    .isEqualTo(table == 0 ? RmiStatus.SUCCESS : RmiStatus.errorRtt(1));
            if (table == 0) {
                platform.succeed(RmiCommand.RTT_CREATE, rd, delegated(), 0, 1);
            }
            platform.succeed(RmiCommand.RTT_CREATE, rd, delegated(), table * GIB, 2);
        }
        assertThat(platform.call(RmiCommand.RTT_FOLD, rd, 0, 1).status()).isEqualTo(RmiStatus.errorRtt(0));
    }

    @Test
    void hasNoMoreRecsThanTheFeatureRegisterSays() {
        int most = (1 << Rmm.FEATURES.maxRecsOrder()) - 1;
        for (int index = 0; index < most; index++) {
            assertThat(createRec(index)).isEqualTo(RmiStatus.SUCCESS);
        }
        assertThat(createRec(most)).isEqualTo(RmiStatus.ERROR_REALM);
    }

    private RmiStatus createRec(int index) {
        List<Long> aux = LongStream.generate(this::delegated).limit(16).boxed().toList();
        platform.memory.write(
                platform.memory.dram().base(),
                new RecParams(0, RecParams.mpidr(index), 0, GeneralRegisters.zero(8), 16, aux).encode());
        long params = platform.memory.dram().base().value();
        return platform.call(RmiCommand.REC_CREATE, rd, delegated(), params).status();
    }

    private long delegated() {
        long granule = TestPlatform.granule(nextGranule++).value();
        platform.succeed(RmiCommand.GRANULE_DELEGATE, granule);
        return granule;
    }
}
