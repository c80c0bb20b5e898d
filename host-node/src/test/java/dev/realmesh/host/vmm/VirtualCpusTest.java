// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.host.vmm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.realmesh.cca.RealmPersonalizationValue;
import dev.realmesh.cca.abi.HashAlgorithm;
import dev.realmesh.cca.abi.PsciFunction;
import dev.realmesh.cca.abi.PsciStatus;
import dev.realmesh.cca.abi.RecParams;
import dev.realmesh.host.machine.RealmDevices;
import dev.realmesh.host.machine.RealmProcessor;
import dev.realmesh.host.machine.RealmProcessorFactory;
import dev.realmesh.host.machine.Registers;
import dev.realmesh.host.machine.Resumption;
import dev.realmesh.host.machine.Trap;
import dev.realmesh.host.vmm.plan.Blob;
import dev.realmesh.host.vmm.plan.BootPlan;
import dev.realmesh.host.vmm.plan.KernelImage;
import dev.realmesh.host.vmm.plan.VirtualCpu;
import dev.realmesh.host.vmm.qemu.QemuMachine;
import dev.realmesh.host.vmm.qemu.QemuPlan;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Semaphore;
import java.util.function.BiFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Several virtual processors of one Realm: turned on and off by PSCI, run at once, ended together.
class VirtualCpusTest {
    private static final long MIB = 1L << 20;
    private static final long ENTRY = 0x4000_0000L;
    private static final long CONTEXT = 0x77;

    private final List<String> seen = new CopyOnWriteArrayList<>();

    /// A processor whose every run is one step of a program.
    private final class Stepping implements RealmProcessor {
        private final BiFunction<Integer, Registers, Trap> program;
        private final Semaphore interrupts = new Semaphore(0);
        private int step;

        Stepping(BiFunction<Integer, Registers, Trap> program) {
            this.program = program;
        }

        @Override
        public Trap run(Resumption resumption) {
            Trap trap = program.apply(step++, resumption.registers());
            if (trap instanceof Trap.Interrupt) {
                interrupts.acquireUninterruptibly();
            }
            return trap;
        }

        @Override
        public void interrupt() {
            interrupts.release();
        }

        @Override
        public void close() {
            interrupts.release();
        }
    }

    private static Trap call(Registers registers, PsciFunction function, long... arguments) {
        Registers calling = registers.withX(0, function.fid());
        for (int i = 0; i < arguments.length; i++) {
            calling = calling.withX(i + 1, arguments[i]);
        }
        return new Trap.Smc(calling);
    }

    private static Trap turnOn(Registers registers, int index) {
        return call(registers, PsciFunction.CPU_ON, RecParams.mpidr(index), ENTRY, CONTEXT);
    }

    private static Trap idle(Registers registers) {
        return new Trap.Interrupt(registers, Trap.Interrupt.Kind.IRQ);
    }

    @Test
    void runsProcessorsThatOthersTurnOn() {
        CompletableFuture<Void> secondRan = new CompletableFuture<>();
        RealmProcessorFactory processors = context -> switch ((int) context.mpidr()) {
            case 0 ->
                new Stepping((step, registers) -> switch (step) {
                    case 0 -> turnOn(registers, 1);
                    default -> {
                        seen.add("CPU_ON " + registers.x(0));
                        secondRan.join();
                        yield call(registers, PsciFunction.SYSTEM_OFF);
                    }
                });
            default ->
                new Stepping((step, registers) -> {
                    seen.add("started at 0x%x with 0x%x".formatted(registers.pc(), registers.x(0)));
                    secondRan.complete(null);
                    return idle(registers);
                });
        };

        assertThat(end(processors, 2)).isEqualTo(RealmEnd.SYSTEM_OFF);
        assertThat(seen).containsExactlyInAnyOrder("CPU_ON 0", "started at 0x40000000 with 0x77");
    }

    @Test
    void turnsAProcessorOnAgainThatWasOff() {
        Semaphore off = new Semaphore(0);
        RealmProcessorFactory processors = context -> switch ((int) context.mpidr()) {
            case 0 ->
                new Stepping((step, registers) -> switch (step) {
                    case 0 -> turnOn(registers, 1);
                    case 1 -> {
                        off.acquireUninterruptibly();
                        yield call(registers, PsciFunction.AFFINITY_INFO, RecParams.mpidr(1), 0);
                    }
                    default -> {
                        if (registers.x(0) == PsciStatus.SUCCESS.code() && seen.size() >= 2) {
                            yield call(registers, PsciFunction.SYSTEM_OFF);
                        }
                        // Until the RMM has seen it go off, it is on.
                        yield turnOn(registers, 1);
                    }
                });
            default ->
                new Stepping((step, registers) -> {
                    seen.add("run");
                    off.release();
                    return call(registers, PsciFunction.CPU_OFF);
                });
        };

        assertThat(end(processors, 2)).isEqualTo(RealmEnd.SYSTEM_OFF);
        assertThat(seen).hasSizeGreaterThanOrEqualTo(2);
    }

    @Test
    void endsWithTheProcessorThatTurnsTheRealmOff() {
        RealmProcessorFactory processors = context -> switch ((int) context.mpidr()) {
            case 0 -> new Stepping((step, registers) -> step == 0 ? turnOn(registers, 1) : idle(registers));
            default -> new Stepping((step, registers) -> call(registers, PsciFunction.SYSTEM_OFF));
        };

        assertThat(end(processors, 3)).isEqualTo(RealmEnd.SYSTEM_OFF);
    }

    @Test
    void endsWhenTheLastProcessorIsOff() {
        RealmProcessorFactory processors =
                context -> new Stepping((step, registers) -> call(registers, PsciFunction.CPU_OFF));

        assertThat(end(processors, 2)).isEqualTo(RealmEnd.SYSTEM_OFF);
    }

    @Test
    void refusesProcessorsThatTheRealmDoesNotHave() {
        RealmProcessorFactory processors = context -> new Stepping((step, registers) -> switch (step) {
            case 0 -> turnOn(registers, 2);
            default -> {
                seen.add("CPU_ON " + registers.x(0));
                yield call(registers, PsciFunction.SYSTEM_OFF);
            }
        });

        assertThat(end(processors, 2)).isEqualTo(RealmEnd.SYSTEM_OFF);
        assertThat(seen).containsExactly("CPU_ON " + PsciStatus.INVALID_PARAMETERS.code());
    }

    @Test
    @Timeout(30)
    void endsWithTheErrorOfAProcessor() {
        RealmProcessorFactory processors = context -> new Stepping((step, registers) -> {
            throw new StackOverflowError("of the emulator");
        });

        assertThatThrownBy(() -> end(processors, 2))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("vcpu-0: java.lang.StackOverflowError: of the emulator");
    }

    private static RealmEnd end(RealmProcessorFactory processors, int vcpus) {
        try (BootedMachine machine = new BootedMachine(64 * MIB, processors)) {
            RealmHost host = machine.host();
            int free = host.freeGranules();
            RealmEnd end;
            try (RealmMachine realm = host.build(plan(vcpus), RealmPersonalizationValue.NONE, RealmDevices.NONE)) {
                end = realm.run();
            }
            assertThat(host.freeGranules()).isEqualTo(free);
            return end;
        }
    }

    private static BootPlan plan(int vcpus) {
        byte[] kernel = ByteBuffer.allocate(8192)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(16, 8192)
                .putInt(56, KernelImage.MAGIC)
                .array();
        return QemuPlan.directBoot(
                new QemuMachine(128 * MIB, vcpus, VirtualCpu.QEMU_MAX, HashAlgorithm.SHA_256, ""),
                KernelImage.read(Blob.of(kernel)),
                Blob.of(new byte[1]));
    }
}
