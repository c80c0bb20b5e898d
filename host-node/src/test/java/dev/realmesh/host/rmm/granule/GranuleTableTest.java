// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.host.rmm.granule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.realmesh.cca.abi.PhysicalAddress;
import dev.realmesh.host.machine.MemoryRange;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Granules: states, counts of references, locks (DEN0137 A2.2).
class GranuleTableTest {
    private static final PhysicalAddress BASE = new PhysicalAddress(0x4000_0000L);
    private static final int GRANULE = PhysicalAddress.GRANULE_SIZE;

    private final GranuleTable granules = new GranuleTable(new MemoryRange(BASE, 4L << 20));

    @ParameterizedTest
    @ValueSource(longs = {0x4000_0008L, 0x3FFF_F000L, 0x4040_0000L, -4096})
    void hasNoGranuleThatIsUnalignedOrNotMemory(long address) {
        assertThat(granules.at(new PhysicalAddress(address))).isEmpty();
    }

    @Test
    void startsWithGranulesOfTheHost() {
        for (long offset : new long[] {0, 0x20_0000, 0x3F_F000}) {
            Granule granule = granules.at(BASE.plus(offset)).orElseThrow();
            assertThat(granule.state()).isEqualTo(GranuleState.NS);
            assertThat(granule.references()).isZero();
            assertThat(granule).isEqualTo(granules.at(BASE.plus(offset)).orElseThrow());
        }
    }

    @Test
    void locksOnlyGranulesInTheStateThatIsExpected() {
        Granule one = granule(0);
        Granule other = granule(1);
        assertThat(granules.lock(new Claim(one, GranuleState.NS), new Claim(other, GranuleState.DELEGATED)))
                .isEmpty();
        assertThat(granules.lock(new Claim(one, GranuleState.NS), new Claim(one, GranuleState.NS)))
                .isEmpty();
        granules.lock(new Claim(other, GranuleState.NS), new Claim(one, GranuleState.NS))
                .orElseThrow()
                .close();
    }

    @ParameterizedTest
    @EnumSource(
            value = GranuleState.class,
            names = {"RD", "REC", "REC_AUX", "DATA", "RTT"})
    void takesInnerStatesOnlyFromDelegatedAndBackToIt(GranuleState inner) {
        Granule granule = granule(0);
        try (Hold hold = granules.lock(new Claim(granule, GranuleState.NS)).orElseThrow()) {
            assertThatThrownBy(() -> hold.move(granule, inner)).isInstanceOf(IllegalStateException.class);
            hold.move(granule, GranuleState.DELEGATED);
            hold.move(granule, inner);
            assertThatThrownBy(() -> hold.move(granule, GranuleState.NS)).isInstanceOf(IllegalStateException.class);
            hold.move(granule, GranuleState.DELEGATED);
        }
        assertThat(granule.state()).isEqualTo(GranuleState.DELEGATED);
    }

    @Test
    void keepsAGranuleThatOthersDependOnInItsState() {
        Granule granule = granule(0);
        try (Hold hold = granules.lock(new Claim(granule, GranuleState.NS)).orElseThrow()) {
            hold.move(granule, GranuleState.DELEGATED);
            hold.move(granule, GranuleState.RTT);
        }
        granule.addReferences(512);
        assertThat(granule.references()).isEqualTo(512);
        assertThatThrownBy(() -> granules.release(granule, GranuleState.RTT)).isInstanceOf(IllegalStateException.class);
        assertThat(granule.state()).isEqualTo(GranuleState.RTT);
        granule.addReferences(-512);
        assertThatThrownBy(() -> granule.addReferences(-1)).isInstanceOf(IllegalStateException.class);
        granules.release(granule, GranuleState.RTT);
        assertThat(granule.state()).isEqualTo(GranuleState.DELEGATED);
    }

    @Test
    void letsOneAtATimeHoldAGranule() throws Exception {
        Granule granule = granule(0);
        try (Hold hold = granules.lock(new Claim(granule, GranuleState.NS)).orElseThrow()) {
            hold.move(granule, GranuleState.DELEGATED);
            hold.move(granule, GranuleState.RD);
        }
        int[] inside = new int[1];
        try (ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> calls = IntStream.range(0, 8)
                    .<Future<?>>mapToObj(caller -> callers.submit(() -> {
                        for (int i = 0; i < 500; i++) {
                            try (Hold hold = granules.lock(new Claim(granule, GranuleState.RD))
                                    .orElseThrow()) {
                                hold.requireLocked(granule);
                                inside[0]++;
                                granule.addReferences(1);
                            }
                        }
                    }))
                    .toList();
            for (Future<?> call : calls) {
                call.get(1, TimeUnit.MINUTES);
            }
        }
        assertThat(inside[0]).isEqualTo(4000);
        assertThat(granule.references()).isEqualTo(4000);
        assertThat(granule.state()).isEqualTo(GranuleState.RD);
    }

    private Granule granule(int number) {
        return granules.at(BASE.plus((long) number * GRANULE)).orElseThrow();
    }
}
