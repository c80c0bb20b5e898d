// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.host.vmm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.realmesh.cca.RealmPersonalizationValue;
import dev.realmesh.cca.abi.HashAlgorithm;
import dev.realmesh.cca.abi.PsciFunction;
import dev.realmesh.cca.abi.RmiStatus;
import dev.realmesh.host.machine.RealmDevices;
import dev.realmesh.host.machine.RealmProcessor;
import dev.realmesh.host.machine.Resumption;
import dev.realmesh.host.machine.Trap;
import dev.realmesh.host.rmm.RmiEntry;
import dev.realmesh.host.vmm.plan.Blob;
import dev.realmesh.host.vmm.plan.BootPlan;
import dev.realmesh.host.vmm.plan.KernelImage;
import dev.realmesh.host.vmm.plan.VirtualCpu;
import dev.realmesh.host.vmm.qemu.QemuMachine;
import dev.realmesh.host.vmm.qemu.QemuPlan;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/// Building, running and taking down Realms by RMI: whatever happens, every granule comes back.
class RealmHostTest {
    private static final long MIB = 1L << 20;

    /// A processor that switches its Realm off at once.
    private static final class PowerOff implements RealmProcessor {
        @Override
        public Trap run(Resumption resumption) {
            return new Trap.Smc(resumption.registers().withX(0, PsciFunction.SYSTEM_OFF.fid()));
        }

        @Override
        public void interrupt() {}

        @Override
        public void close() {}
    }

    /// A processor that does nothing until it is interrupted.
    private static final class Idle implements RealmProcessor {
        private final CountDownLatch interrupted = new CountDownLatch(1);

        @Override
        public Trap run(Resumption resumption) {
            try {
                interrupted.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            return new Trap.Interrupt(resumption.registers(), Trap.Interrupt.Kind.IRQ);
        }

        @Override
        public void interrupt() {
            interrupted.countDown();
        }

        @Override
        public void close() {}
    }

    @Test
    void runsARealmToItsEndAndTakesItDown() {
        try (BootedMachine machine = new BootedMachine(64 * MIB, context -> new PowerOff())) {
            RealmHost host = machine.host();
            int free = host.freeGranules();

            try (RealmMachine realm = build(host, plan(2))) {
                assertThat(host.freeGranules()).isLessThan(free);
                assertThat(realm.run()).isEqualTo(RealmEnd.SYSTEM_OFF);
            }

            assertThat(host.freeGranules()).isEqualTo(free);
        }
    }

    @Test
    void holdsSeveralRealmsAtOnce() {
        try (BootedMachine machine = new BootedMachine(64 * MIB, context -> new PowerOff())) {
            RealmHost host = machine.host();
            int free = host.freeGranules();

            try (RealmMachine first = build(host, plan(1));
                    RealmMachine second = build(host, plan(3))) {
                assertThat(second.run()).isEqualTo(RealmEnd.SYSTEM_OFF);
                assertThat(first.run()).isEqualTo(RealmEnd.SYSTEM_OFF);
            }

            assertThat(host.freeGranules()).isEqualTo(free);
        }
    }

    @Test
    void stopsARealmThatRuns() {
        try (BootedMachine machine = new BootedMachine(64 * MIB, context -> new Idle())) {
            RealmHost host = machine.host();
            int free = host.freeGranules();

            CompletableFuture<RealmEnd> end;
            try (RealmMachine realm = build(host, plan(1))) {
                end = CompletableFuture.supplyAsync(realm::run, task -> Thread.startVirtualThread(task));
            }

            assertThat(end.join()).isEqualTo(RealmEnd.STOPPED);
            assertThat(host.freeGranules()).isEqualTo(free);
        }
    }

    @Test
    void givesAllGranulesBackWhicheverStepOfABuildIsRefused() {
        try (BootedMachine machine = new BootedMachine(64 * MIB, context -> new PowerOff())) {
            AtomicInteger untilRefusal = new AtomicInteger(Integer.MAX_VALUE);
            RmiEntry refusing = (fid, arguments) -> untilRefusal.decrementAndGet() == 0
                    ? new long[] {RmiStatus.ERROR_INPUT.value(), 0, 0, 0, 0}
                    : machine.rmi().smc(fid, arguments);
            RealmHost host = RealmHost.start(refusing, machine.memory(), machine.board());
            int free = host.freeGranules();
            int steps = stepsOfABuild(host, untilRefusal);

            for (int step = 1; step <= steps; step++) {
                untilRefusal.set(step);
                assertThatThrownBy(() -> build(host, plan(2)))
                        .as("step %d", untilRefusal.get())
                        .isInstanceOf(VmmException.Refused.class)
                        .hasMessageContaining("ERROR_INPUT");
                assertThat(host.freeGranules()).as("after step %d", step).isEqualTo(free);
            }

            untilRefusal.set(Integer.MAX_VALUE);
            build(host, plan(2)).close();
            assertThat(host.freeGranules()).isEqualTo(free);
        }
    }

    private static int stepsOfABuild(RealmHost host, AtomicInteger calls) {
        calls.set(Integer.MAX_VALUE);
        RealmMachine realm = build(host, plan(2));
        int steps = Integer.MAX_VALUE - calls.get();
        realm.close();
        return steps;
    }

    @Test
    void saysSoWhenNoGranuleIsLeft() {
        try (BootedMachine machine = new BootedMachine(MIB / 8, context -> new PowerOff())) {
            RealmHost host = machine.host();
            int free = host.freeGranules();

            assertThatThrownBy(() -> build(host, plan(2)))
                    .isInstanceOf(VmmException.OutOfGranules.class)
                    .hasMessageStartingWith("granules: none free of 32");

            assertThat(host.freeGranules()).isEqualTo(free);
        }
    }

    @Test
    void saysWhatTheRmmDoesNotOffer() {
        try (BootedMachine machine = new BootedMachine(64 * MIB, context -> new PowerOff())) {
            RealmHost host = machine.host();
            VirtualCpu cpu = new VirtualCpu(64, 4, 0, false, 0);
            BootPlan plan = QemuPlan.directBoot(
                    new QemuMachine(128 * MIB, 1, cpu, HashAlgorithm.SHA_256, ""), kernel(), initrd());

            assertThatThrownBy(() -> build(host, plan))
                    .isInstanceOf(VmmException.NotOffered.class)
                    .hasMessageContaining("breakpoints: 64 (expected: at most 16)");
        }
    }

    private static RealmMachine build(RealmHost host, BootPlan plan) {
        return host.build(plan, RealmPersonalizationValue.NONE, RealmDevices.NONE);
    }

    private static BootPlan plan(int vcpus) {
        QemuMachine machine =
                new QemuMachine(128 * MIB, vcpus, VirtualCpu.QEMU_MAX, HashAlgorithm.SHA_256, "console=ttyAMA0");
        return QemuPlan.directBoot(machine, kernel(), initrd());
    }

    private static KernelImage kernel() {
        return KernelImage.read(Blob.of(ByteBuffer.allocate(8192)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(16, 8192)
                .putInt(56, KernelImage.MAGIC)
                .array()));
    }

    private static Blob initrd() {
        return Blob.of(new byte[20_000]);
    }
}
