// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.host.vmm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.realmesh.cca.RealmPersonalizationValue;
import dev.realmesh.cca.abi.HashAlgorithm;
import dev.realmesh.cca.abi.IntermediatePhysicalAddress;
import dev.realmesh.cca.abi.PsciFunction;
import dev.realmesh.cca.abi.Ripas;
import dev.realmesh.cca.abi.RmiResult;
import dev.realmesh.cca.abi.RmiStatus;
import dev.realmesh.cca.abi.RsiCommand;
import dev.realmesh.host.machine.RealmDevices;
import dev.realmesh.host.machine.RealmMemory;
import dev.realmesh.host.machine.RealmProcessor;
import dev.realmesh.host.machine.Registers;
import dev.realmesh.host.machine.Resumption;
import dev.realmesh.host.machine.StageTwoFault;
import dev.realmesh.host.machine.Syndrome;
import dev.realmesh.host.machine.Trap;
import dev.realmesh.host.rmm.RmiEntry;
import dev.realmesh.host.rmm.census.RealmCensus;
import dev.realmesh.host.vmm.plan.Blob;
import dev.realmesh.host.vmm.plan.BootPlan;
import dev.realmesh.host.vmm.plan.KernelImage;
import dev.realmesh.host.vmm.plan.OfflineMeasurement;
import dev.realmesh.host.vmm.plan.VirtualCpu;
import dev.realmesh.host.vmm.qemu.QemuMachine;
import dev.realmesh.host.vmm.qemu.QemuPlan;
import dev.realmesh.testkit.Seeds;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayDeque;
import java.util.BitSet;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// A Realm's pages as its host gives and takes them: full tables become blocks, blocks become tables where a part of
/// them changes, and the Realm sees nothing of it.
class RealmPagesTest {
    private static final long MIB = 1L << 20;
    private static final int PAGE = 4096;
    private static final int PAGES = 512;
    private static final long RAM = 0x4000_0000L;
    /// Four blocks in which nothing is loaded.
    private static final long UNUSED = RAM + 16 * MIB;

    private static final int INITRD_BYTES = 5 << 20;

    private final Deque<Function<Registers, Optional<Trap>>> steps = new ArrayDeque<>();
    private final List<AssertionError> failures = new CopyOnWriteArrayList<>();
    private @Nullable RealmMemory memory;
    private final BootedMachine machine = new BootedMachine(48 * MIB, context -> {
        memory = context.memory();
        return new Stepping();
    });
    private final RealmHost host = RealmHost.start(refusingNothing(), machine.memory(), machine.board());
    private final int free = host.freeGranules();

    /// A processor that takes each step again until it makes no trap, and then the next one. It switches off at the end
    /// or when a step fails.
    private final class Stepping implements RealmProcessor {
        @Override
        public Trap run(Resumption resumption) {
            while (!steps.isEmpty() && failures.isEmpty()) {
                Optional<Trap> trap = steps.getFirst().apply(resumption.registers());
                if (trap.isPresent()) {
                    return trap.get();
                }
                steps.removeFirst();
            }
            return new Trap.Smc(resumption.registers().withX(0, PsciFunction.SYSTEM_OFF.fid()));
        }

        @Override
        public void interrupt() {}

        @Override
        public void close() {}
    }

    /// A correct host is told that a walk ended early, and refused nothing else.
    private RmiEntry refusingNothing() {
        return (fid, arguments) -> {
            long[] result = machine.rmi().smc(fid, arguments);
            RmiStatus status = RmiResult.of(result).status();
            if (!status.isSuccess() && status.code() != RmiStatus.Code.ERROR_RTT) {
                failures.add(new AssertionError("0x%x: %s".formatted(fid, status)));
            }
            return result;
        };
    }

    @AfterEach
    void takeBackAll() {
        assertThat(host.freeGranules()).isEqualTo(free);
        assertThat(failures).isEmpty();
        machine.close();
    }

    @Test
    void makesBlocksOfWhatIsLoaded() {
        BootPlan plan = plan(INITRD_BYTES);
        try (RealmMachine realm = build(plan)) {
            RealmCensus census = census();
            assertThat(census.initialMeasurement()).isEqualTo(OfflineMeasurement.of(plan));
            assertThat(census.translation().ownBytes()).isGreaterThan(INITRD_BYTES);
            assertThat(levelThreeTables())
                    .as("those of kernel, rest of the initrd, device tree")
                    .isLessThanOrEqualTo(3);
            then(() -> assertThat(load(plan.find("initrd").orElseThrow().loadAddress() + INITRD_BYTES - 1))
                    .isEqualTo(initrd(INITRD_BYTES)[INITRD_BYTES - 1]));
            assertThat(realm.run()).isEqualTo(RealmEnd.SYSTEM_OFF);
        }
    }

    @Test
    void makesABlockOfWhatTheRealmTouchesInOrder() {
        try (RealmMachine realm = build(plan(PAGE))) {
            int before = levelThreeTables();
            fill(UNUSED);
            then(() -> assertThat(levelThreeTables()).isEqualTo(before));
            store(UNUSED + 2 * MIB, 1);
            then(() -> assertThat(levelThreeTables()).isEqualTo(before + 1));
            assertThat(realm.run()).isEqualTo(RealmEnd.SYSTEM_OFF);
        }
    }

    @Test
    void takesBackAPartOfABlock() {
        try (RealmMachine realm = build(plan(PAGE))) {
            fill(UNUSED);
            store(UNUSED + 9 * PAGE, 9);
            store(UNUSED + 10 * PAGE, 10);
            int[] counted = new int[2];
            then(() -> {
                counted[0] = levelThreeTables();
                counted[1] = host.freeGranules();
            });
            setRipas(UNUSED + 10 * PAGE, 5, Ripas.EMPTY);
            then(() -> {
                assertThat(levelThreeTables()).isEqualTo(counted[0] + 1);
                assertThat(host.freeGranules())
                        .as("five pages less, a table more")
                        .isEqualTo(counted[1] + 4);
                assertThat(load(UNUSED + 9 * PAGE)).isEqualTo((byte) 9);
                assertThat(tryLoad(UNUSED + 10 * PAGE, new byte[1])).isPresent();
            });
            setRipas(UNUSED + 10 * PAGE, 5, Ripas.RAM);
            expect(UNUSED + 10 * PAGE, 0);
            assertThat(realm.run()).isEqualTo(RealmEnd.SYSTEM_OFF);
        }
    }

    @Test
    void takesARealmDownThatHasAllMemory() {
        try (RealmMachine realm = build(plan(INITRD_BYTES))) {
            for (long ipa = UNUSED; ipa < UNUSED + 48 * MIB; ipa += 2 * MIB) {
                fill(ipa);
            }
            assertThatThrownBy(realm::run).isInstanceOf(VmmException.OutOfGranules.class);
            assertThat(host.freeGranules()).isZero();
        }
    }

    @ParameterizedTest
    @MethodSource("dev.realmesh.testkit.Seeds#some")
    void givesTheRealmTheMemoryThatItExpects(long seed) {
        RandomGenerator random = Seeds.random(seed);
        try (RealmMachine realm = build(plan(PAGE))) {
            long loaded = census().translation().ownBytes();
            Model model = new Model(random);
            for (int step = 0; step < 60; step++) {
                model.act();
                long own = (long) model.there.cardinality() * PAGE;
                then(() -> assertThat(census().translation().ownBytes()).isEqualTo(loaded + own));
            }
            model.expectAll();
            assertThat(realm.run()).isEqualTo(RealmEnd.SYSTEM_OFF);
        }
    }

    /// What four blocks of memory hold, one byte of each page.
    private final class Model {
        private static final int ALL = 4 * PAGES;

        private final RandomGenerator random;
        private final byte[] values = new byte[ALL];
        private final BitSet there = new BitSet();
        private final BitSet empty = new BitSet();

        Model(RandomGenerator random) {
            this.random = random;
        }

        void act() {
            int page = random.nextInt(ALL);
            int count = random.nextInt(4) == 0 ? PAGES : random.nextInt(1, 20);
            switch (random.nextInt(5)) {
                case 0 -> write(page, Math.min(count, ALL - page));
                case 1 -> write(page / PAGES * PAGES, PAGES);
                case 2 -> change(page, Math.min(count, ALL - page), Ripas.EMPTY);
                case 3 -> change(page / PAGES * PAGES, count, random.nextBoolean() ? Ripas.EMPTY : Ripas.RAM);
                default -> change(0, ALL, Ripas.RAM);
            }
        }

        private void write(int first, int count) {
            for (int page = first; page < first + count; page++) {
                if (!empty.get(page)) {
                    values[page] = (byte) random.nextInt();
                    there.set(page);
                    store(ipa(page), values[page]);
                }
            }
        }

        private void change(int first, int count, Ripas ripas) {
            setRipas(ipa(first), count, ripas);
            empty.set(first, first + count, ripas == Ripas.EMPTY);
            if (ripas == Ripas.EMPTY) {
                there.clear(first, first + count);
            }
        }

        void expectAll() {
            for (int page = 0; page < ALL; page++) {
                if (!empty.get(page)) {
                    expect(ipa(page), there.get(page) ? values[page] : 0);
                }
            }
        }

        private static long ipa(int page) {
            return UNUSED + (long) page * PAGE;
        }
    }

    private void fill(long block) {
        for (int page = 0; page < PAGES; page++) {
            store(block + (long) page * PAGE, page);
        }
    }

    private void store(long ipa, int value) {
        byte[] bytes = {(byte) value};
        steps.add(registers -> memory().store(new IntermediatePhysicalAddress(ipa), bytes, 0, 1)
                .map(fault -> new Trap.Synchronous(registers, Syndrome.of(fault))));
    }

    private void expect(long ipa, int value) {
        byte[] bytes = new byte[1];
        steps.add(registers -> tryLoad(ipa, bytes).map(fault -> new Trap.Synchronous(registers, Syndrome.of(fault))));
        then(() -> assertThat(bytes[0]).as("at 0x%x", ipa).isEqualTo((byte) value));
    }

    private void setRipas(long base, int pages, Ripas ripas) {
        long top = base + (long) pages * PAGE;
        steps.add(new Function<>() {
            private boolean asked;

            @Override
            public Optional<Trap> apply(Registers registers) {
                if (asked) {
                    then(() -> {
                        assertThat(registers.x(0)).isZero();
                        assertThat(registers.x(1)).as("how far it was changed").isEqualTo(top);
                    });
                    return Optional.empty();
                }
                asked = true;
                return Optional.of(new Trap.Smc(
                        registers.withFirst(RsiCommand.IPA_STATE_SET.fid(), base, top, ripas.number(), 0)));
            }
        });
    }

    private void then(Runnable check) {
        steps.add(registers -> {
            try {
                check.run();
            } catch (AssertionError e) {
                failures.add(e);
            }
            return Optional.empty();
        });
    }

    private byte load(long ipa) {
        byte[] bytes = new byte[1];
        assertThat(tryLoad(ipa, bytes)).isEmpty();
        return bytes[0];
    }

    private Optional<StageTwoFault> tryLoad(long ipa, byte[] into) {
        return memory().load(new IntermediatePhysicalAddress(ipa), into, 0, 1);
    }

    private RealmMemory memory() {
        if (memory == null) {
            throw new AssertionError("no processor yet");
        }
        return memory;
    }

    private int levelThreeTables() {
        return census().translation().tables().getOrDefault(3, 0);
    }

    private RealmCensus census() {
        return machine.census().realms().getFirst();
    }

    private RealmMachine build(BootPlan plan) {
        return host.build(plan, RealmPersonalizationValue.NONE, RealmDevices.NONE);
    }

    private static BootPlan plan(int initrdBytes) {
        Blob kernel = Blob.of(ByteBuffer.allocate(8192)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(16, 8192)
                .putInt(56, KernelImage.MAGIC)
                .array());
        return QemuPlan.directBoot(
                new QemuMachine(128 * MIB, 1, VirtualCpu.QEMU_MAX, HashAlgorithm.SHA_256, ""),
                KernelImage.read(kernel),
                Blob.of(initrd(initrdBytes)));
    }

    private static byte[] initrd(int bytes) {
        byte[] initrd = new byte[bytes];
        new Random(1).nextBytes(initrd);
        return initrd;
    }
}
