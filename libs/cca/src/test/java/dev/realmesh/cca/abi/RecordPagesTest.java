// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.cca.abi;

import static org.assertj.core.api.Assertions.assertThat;

import dev.realmesh.cca.RealmPersonalizationValue;
import dev.realmesh.testkit.Seeds;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Structures of the interface in their pages.
class RecordPagesTest {
    @ParameterizedTest
    @MethodSource("dev.realmesh.testkit.Seeds#some")
    void readsBackRealmParameters(long seed) {
        RandomGenerator random = Seeds.random(seed);
        byte[] rpv = new byte[64];
        random.nextBytes(rpv);
        RealmParams params = new RealmParams(
                new RealmFeatures(
                        random.nextLong(),
                        random.nextInt(256),
                        random.nextInt(256),
                        random.nextInt(256),
                        random.nextInt(256),
                        random.nextInt(256),
                        random.nextInt(256)),
                RealmPersonalizationValue.of(rpv),
                random.nextInt(0x1_0000),
                new RealmParams.RttRoot(random.nextLong(), random.nextLong(), random.nextLong(1L << 32)));
        assertThat(RealmParams.decode(params.encode())).isEqualTo(params);
    }

    @ParameterizedTest
    @MethodSource("dev.realmesh.testkit.Seeds#some")
    void readsBackRecParameters(long seed) {
        RandomGenerator random = Seeds.random(seed);
        List<Long> aux = LongStream.generate(random::nextLong)
                .limit(random.nextInt(17))
                .boxed()
                .toList();
        RecParams params = new RecParams(
                random.nextLong(), random.nextLong(), random.nextLong(), registers(random, 8), aux.size(), aux);
        assertThat(RecParams.decode(params.encode())).isEqualTo(params);
    }

    @Test
    void readsNoMoreAuxiliaryGranulesThanThereArePlacesFor() {
        RecParams params = new RecParams(0, 0, 0, GeneralRegisters.zero(8), -1, List.of());
        assertThat(RecParams.decode(params.encode()).aux()).hasSize(RecParams.MAX_AUX);
    }

    @ParameterizedTest
    @MethodSource("dev.realmesh.testkit.Seeds#some")
    void readsBackBothHalvesOfTheRunPage(long seed) {
        RandomGenerator random = Seeds.random(seed);
        RecEnter enter =
                new RecEnter(random.nextLong(), registers(random, 31), random.nextLong(), registers(random, 16));
        List<RecExit> exits = List.of(
                new RecExit.Sync(random.nextLong(), random.nextLong(), random.nextLong(), registers(random, 31)),
                new RecExit.Irq(),
                new RecExit.Fiq(),
                new RecExit.Psci(registers(random, 31)),
                new RecExit.RipasChange(random.nextLong(), random.nextLong(), Ripas.RAM),
                new RecExit.HostCall(random.nextInt(0x1_0000), registers(random, 31)),
                new RecExit.SError(random.nextLong()));
        for (RecExit exit : exits) {
            byte[] page = enter.encode();
            System.arraycopy(exit.encode(), 0, page, RecExit.OFFSET, 2048);
            assertThat(RecEnter.decode(page)).isEqualTo(enter);
            assertThat(RecExit.decode(page)).isEqualTo(exit);
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 1, 15, 16, 255, 4095, 4096, 1_048_575, 1_048_576, 268_435_455})
    void countsProcessorsByTheirAffinity(long index) {
        assertThat(RecParams.index(RecParams.mpidr(index))).isEqualTo(index);
    }

    @Test
    void packsStatusAndIndexIntoOneRegister() {
        assertThat(RmiStatus.errorRtt(2).value()).isEqualTo(0x204);
        assertThat(RmiStatus.of(0x102)).isEqualTo(new RmiStatus(RmiStatus.Code.ERROR_REALM, 1));
        assertThat(RmiStatus.of(-1).value()).isEqualTo(-1);
    }

    private static GeneralRegisters registers(RandomGenerator random, int count) {
        return GeneralRegisters.of(
                LongStream.generate(random::nextLong).limit(count).toArray());
    }
}
