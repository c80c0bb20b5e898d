// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.host.rmm;

import static org.assertj.core.api.Assertions.assertThat;

import dev.realmesh.cca.RealmPersonalizationValue;
import dev.realmesh.cca.abi.GeneralRegisters;
import dev.realmesh.cca.abi.PhysicalAddress;
import dev.realmesh.cca.abi.RealmFeatures;
import dev.realmesh.cca.abi.RealmParams;
import dev.realmesh.cca.abi.RecParams;
import dev.realmesh.cca.abi.RmiCommand;
import dev.realmesh.cca.abi.RmiResult;
import dev.realmesh.cca.abi.RttEntryState;
import dev.realmesh.host.machine.MachineFault;
import dev.realmesh.host.machine.MecId;
import dev.realmesh.host.machine.MemoryProbe;
import dev.realmesh.host.rmm.granule.GranuleState;
import dev.realmesh.testkit.Seeds;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.zip.CRC32C;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Whatever a host asks in whatever order: a granule belongs to one object, counts are those of the tables in memory,
/// nothing plain is anywhere, no access crosses physical address spaces, and a refused command changes nothing.
class RandomCommandsTest {
    private static final int STEPS = 400;
    private static final int CALLERS = 4;
    private static final int GRANULES = 80;
    private static final int PARAMETERS = 100;
    private static final int SOURCE = 101;
    private static final int LAST_LEVEL = 3;
    private static final long RAM = 0x8000_0000L;
    private static final long SHARED = 1L << 32;
    private static final byte PLAINTEXT = 0x5A;

    private final TestPlatform platform = new TestPlatform(context -> new IdleProcessor());
    private final MemoryProbe probe = new MemoryProbe(platform.machine);

    @ParameterizedTest
    @MethodSource("dev.realmesh.testkit.Seeds#some")
    void keepsItsInvariants(long seed) {
        RandomGenerator random = Seeds.random(seed);
        byte[] plaintext = new byte[PhysicalAddress.GRANULE_SIZE];
        Arrays.fill(plaintext, PLAINTEXT);
        platform.memory.write(TestPlatform.granule(SOURCE), plaintext);
        makeRealm(random);
        int done = 0;
        for (int step = 0; step < STEPS; step++) {
            RmiCommand command = pick(random);
            long[] arguments = arguments(command, random);
            List<Object> before = everything();
            RmiResult result = platform.call(command, arguments);
            if (result.status().isSuccess()) {
                done++;
                checkDestroyed(command, result);
            } else {
                assertThat(everything())
                        .as("refused %s%s: %s", command, Arrays.toString(arguments), result)
                        .isEqualTo(before);
            }
            checkGranules();
            Recount.check(platform, GRANULES);
        }
        assertThat(done).as("commands that succeeded").isGreaterThan(STEPS / 20);
        platform.close();
    }

    @ParameterizedTest
    @MethodSource("dev.realmesh.testkit.Seeds#some")
    void keepsItsInvariantsBetweenSeveralCallers(long seed) throws Exception {
        makeRealm(Seeds.random(seed));
        try (ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> calls = new ArrayList<>();
            for (int caller = 0; caller < CALLERS; caller++) {
                RandomGenerator random = Seeds.random(seed * CALLERS + caller);
                calls.add(callers.submit(() -> {
                    for (int step = 0; step < STEPS; step++) {
                        RmiCommand command = pick(random);
                        assertThat(platform.call(command, arguments(command, random)))
                                .isNotNull();
                    }
                }));
            }
            for (Future<?> call : calls) {
                call.get(1, TimeUnit.MINUTES);
            }
        }
        checkGranules();
        Recount.check(platform, GRANULES);
        platform.close();
    }

    /// All granules delegated, and a Realm with a table of pages: chance alone seldom comes so far.
    private void makeRealm(RandomGenerator random) {
        for (int number = 0; number < GRANULES; number++) {
            platform.succeed(
                    RmiCommand.GRANULE_DELEGATE, TestPlatform.granule(number).value());
        }
        long rd = TestPlatform.granule(30).value();
        while (!platform.call(RmiCommand.REALM_CREATE, rd, realmParameters(random))
                .status()
                .isSuccess()) {
            assertThat(platform.rmm.stateOf(TestPlatform.granule(30))).isEqualTo(GranuleState.DELEGATED);
        }
        platform.succeed(RmiCommand.RTT_CREATE, rd, TestPlatform.granule(31).value(), RAM, LAST_LEVEL);
    }

    private RmiCommand pick(RandomGenerator random) {
        RmiCommand[] all = RmiCommand.values();
        RmiCommand picked = all[random.nextInt(all.length)];
        return switch (picked) {
            case VERSION, FEATURES, REC_AUX_COUNT -> RmiCommand.GRANULE_DELEGATE;
            case REALM_ACTIVATE -> random.nextInt(4) == 0 ? picked : RmiCommand.DATA_CREATE;
            default -> picked;
        };
    }

    private long[] arguments(RmiCommand command, RandomGenerator random) {
        long rd = inState(random, GranuleState.RD);
        long free = inState(random, GranuleState.DELEGATED);
        long ipa = ipa(random);
        long level = random.nextInt(1, 5);
        return switch (command) {
            case GRANULE_DELEGATE, GRANULE_UNDELEGATE -> new long[] {anyGranule(random)};
            case DATA_CREATE -> new long[] {rd, free, ipa, source(random), random.nextInt(3)};
            case DATA_CREATE_UNKNOWN -> new long[] {rd, free, ipa};
            case DATA_DESTROY, REALM_ACTIVATE, REC_AUX_COUNT -> new long[] {rd, ipa};
            case REALM_CREATE -> new long[] {free, realmParameters(random)};
            case REALM_DESTROY -> new long[] {random.nextInt(4) == 0 ? rd : anyGranule(random)};
            case REC_CREATE -> new long[] {rd, free, recParameters(random)};
            case REC_DESTROY -> new long[] {inState(random, GranuleState.REC)};
            case REC_ENTER, PSCI_COMPLETE -> new long[] {inState(random, GranuleState.REC), anyGranule(random)};
            case RTT_CREATE -> new long[] {rd, free, ipa, level};
            case RTT_DESTROY, RTT_FOLD, RTT_READ_ENTRY, RTT_UNMAP_UNPROTECTED -> new long[] {rd, ipa, level};
            case RTT_MAP_UNPROTECTED -> new long[] {rd, ipa, level, anyGranule(random) | 0xDC};
            case RTT_INIT_RIPAS -> new long[] {rd, ipa, ipa + (1L << random.nextInt(12, 24))};
            case RTT_SET_RIPAS -> new long[] {rd, inState(random, GranuleState.REC), ipa, ipa + 4096};
            case VERSION, FEATURES -> new long[] {random.nextLong()};
        };
    }

    private long anyGranule(RandomGenerator random) {
        long address = TestPlatform.granule(random.nextInt(GRANULES)).value();
        return switch (random.nextInt(60)) {
            case 0, 1 -> address + 8;
            case 2 -> address & 0xFFFF_F000L & ~0x4000_0000L;
            case 3 -> -address;
            default -> address;
        };
    }

    /// A granule in the state that a command wants, mostly.
    private long inState(RandomGenerator random, GranuleState state) {
        List<Long> fitting = granules(state);
        return fitting.isEmpty() || random.nextInt(10) == 0
                ? anyGranule(random)
                : fitting.get(random.nextInt(fitting.size()));
    }

    private long source(RandomGenerator random) {
        return random.nextInt(8) == 0
                ? anyGranule(random)
                : TestPlatform.granule(SOURCE).value();
    }

    private static long ipa(RandomGenerator random) {
        long base = random.nextInt(5) == 0 ? SHARED : RAM;
        return switch (random.nextInt(4)) {
            case 0 -> base;
            case 1 -> base + 4096L * random.nextInt(4);
            case 2 -> base + (2L << 20) * random.nextInt(2);
            default -> random.nextInt(8) == 0 ? random.nextLong() & -4096 : base + random.nextInt(8);
        };
    }

    private long realmParameters(RandomGenerator random) {
        long tables = TestPlatform.granule(8 * random.nextInt(3)).value();
        RealmParams params = new RealmParams(
                new RealmFeatures(0, 33, 0, 1, 1, 0, random.nextInt(3)),
                RealmPersonalizationValue.NONE,
                random.nextInt(3),
                new RealmParams.RttRoot(tables, 2, 8));
        platform.memory.write(TestPlatform.granule(PARAMETERS), params.encode());
        return TestPlatform.granule(PARAMETERS).value();
    }

    private long recParameters(RandomGenerator random) {
        List<Long> delegated = granules(GranuleState.DELEGATED);
        List<Long> aux = delegated.subList(Math.max(0, delegated.size() - 16), delegated.size());
        RecParams params =
                new RecParams(random.nextInt(2), random.nextInt(3), RAM, GeneralRegisters.zero(8), aux.size(), aux);
        platform.memory.write(TestPlatform.granule(PARAMETERS), params.encode());
        return TestPlatform.granule(PARAMETERS).value();
    }

    private List<Long> granules(GranuleState state) {
        return IntStream.range(0, GRANULES)
                .mapToObj(TestPlatform::granule)
                .filter(granule -> platform.rmm.stateOf(granule) == state)
                .map(PhysicalAddress::value)
                .toList();
    }

    /// All that a command could have changed, tables in memory included.
    private List<Object> everything() {
        List<Object> all = new ArrayList<>();
        for (int number = 0; number < GRANULES; number++) {
            PhysicalAddress granule = TestPlatform.granule(number);
            CRC32C contents = new CRC32C();
            contents.update(probe.read(granule));
            all.add(platform.rmm.stateOf(granule));
            all.add(platform.rmm.references(granule));
            all.add(contents.getValue());
        }
        all.add(platform.rmm.census());
        return all;
    }

    private RmiResult entry(long rd, long ipa) {
        return platform.succeed(RmiCommand.RTT_READ_ENTRY, rd, ipa, LAST_LEVEL);
    }

    private static LongStream probedIpas() {
        return LongStream.of(RAM, SHARED)
                .flatMap(base -> LongStream.of(0, 0x1000, 0x2000, 0x3000, 0x20_0000, 0x40_0000)
                        .map(offset -> base + offset));
    }

    /// The host reaches exactly the granules that are its own, DATA belongs to one entry, and no plaintext is there.
    private void checkGranules() {
        Set<Long> mapped = new HashSet<>();
        for (long rd : granules(GranuleState.RD)) {
            probedIpas().filter(ipa -> ipa < SHARED).forEach(ipa -> {
                RmiResult entry = entry(rd, ipa);
                if (entry.x1() == LAST_LEVEL && entry.x2() == RttEntryState.ASSIGNED.number()) {
                    assertThat(mapped.add(entry.x3()))
                            .as("granule 0x%x mapped once", entry.x3())
                            .isTrue();
                }
            });
        }
        assertThat(granules(GranuleState.DATA)).containsAll(mapped);
        for (int number = 0; number < GRANULES; number++) {
            checkGranule(TestPlatform.granule(number));
        }
    }

    private void checkGranule(PhysicalAddress granule) {
        boolean ofTheHost = platform.rmm.stateOf(granule) == GranuleState.NS;
        byte[] bytes = probe.read(granule);
        boolean plain = bytes[0] == PLAINTEXT && bytes[1] == PLAINTEXT && bytes[2] == PLAINTEXT;
        if (plain || hostReaches(granule) != ofTheHost || realmWorldReaches(granule) == ofTheHost) {
            throw new AssertionError(
                    "granule " + granule + ": " + platform.rmm.stateOf(granule) + ", plaintext " + plain);
        }
    }

    private boolean hostReaches(PhysicalAddress granule) {
        try {
            platform.memory.read(granule, new byte[1], 0, 1);
            return true;
        } catch (MachineFault.GranuleProtection fault) {
            return false;
        }
    }

    private boolean realmWorldReaches(PhysicalAddress granule) {
        try {
            platform.machine.realmWorldMemory().read(new MecId(0), granule, new byte[1], 0, 1);
            return true;
        } catch (MachineFault.GranuleProtection fault) {
            return false;
        }
    }

    private void checkDestroyed(RmiCommand command, RmiResult result) {
        if (command == RmiCommand.DATA_DESTROY) {
            assertThat(probe.read(new PhysicalAddress(result.x1()))).containsOnly(0);
        }
    }
}
