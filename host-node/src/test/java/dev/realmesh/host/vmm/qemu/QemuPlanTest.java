// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.host.vmm.qemu;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.realmesh.cca.abi.HashAlgorithm;
import dev.realmesh.host.vmm.plan.Blob;
import dev.realmesh.host.vmm.plan.KernelImage;
import dev.realmesh.host.vmm.plan.PlanException;
import dev.realmesh.host.vmm.plan.VirtualCpu;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.junit.jupiter.api.Test;

/// What QEMU's plans refuse; what they do is held to recorded Realms in `RecordedRealmsTest`.
class QemuPlanTest {
    @Test
    void refusesAnInitrdThatMemoryCannotHold() {
        QemuMachine machine = machine(128);
        Blob initrd = Blob.of(new byte[65 << 20]);

        assertThatThrownBy(() -> QemuPlan.directBoot(machine, kernel(4096), initrd))
                .isInstanceOf(PlanException.DoesNotFit.class)
                .hasMessage(
                        "initrd: ends at 0x48100000 (expected: at most 0x48000000, the end of the memory that it may have)");
    }

    @Test
    void refusesAKernelThatMemoryCannotHold() {
        assertThatThrownBy(() -> QemuPlan.directBoot(machine(128), kernel(129 << 20), Blob.empty()))
                .isInstanceOf(PlanException.DoesNotFit.class)
                .hasMessageStartingWith("kernel: ends at 0x48100000");
    }

    @Test
    void refusesADeviceTreeThatMemoryCannotHold() {
        Blob initrd = Blob.of(new byte[64 << 20]);

        assertThatThrownBy(() -> QemuPlan.directBoot(machine(128), kernel(4096), initrd))
                .isInstanceOf(PlanException.DoesNotFit.class)
                .hasMessageStartingWith("device tree: ends at");
    }

    @Test
    void refusesMachinesThatCannotBe() {
        assertThatThrownBy(() -> machine(0)).isInstanceOf(PlanException.BadMachine.class);
        assertThatThrownBy(() -> machine(-1)).isInstanceOf(PlanException.BadMachine.class);
        assertThatThrownBy(() -> new VirtualCpu(6, 4, 100, true, 6)).isInstanceOf(PlanException.BadMachine.class);
        assertThatThrownBy(() -> new VirtualCpu(6, 4, 128, false, 1)).isInstanceOf(PlanException.BadMachine.class);
    }

    private static QemuMachine machine(long mib) {
        return new QemuMachine(mib << 20, 1, VirtualCpu.QEMU_MAX, HashAlgorithm.SHA_256, "");
    }

    private static KernelImage kernel(long imageSize) {
        byte[] file = ByteBuffer.allocate(4096)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(16, imageSize)
                .putInt(56, KernelImage.MAGIC)
                .array();
        return KernelImage.read(Blob.of(file));
    }
}
