// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.host.vmm.qemu;

import dev.realmesh.cca.abi.GeneralRegisters;
import dev.realmesh.cca.abi.RecParams;
import dev.realmesh.host.vmm.plan.Blob;
import dev.realmesh.host.vmm.plan.BootOperation;
import dev.realmesh.host.vmm.plan.BootOperation.CreateRec;
import dev.realmesh.host.vmm.plan.BootOperation.InitRipas;
import dev.realmesh.host.vmm.plan.BootOperation.LoadData;
import dev.realmesh.host.vmm.plan.BootPlan;
import dev.realmesh.host.vmm.plan.KernelImage;
import dev.realmesh.host.vmm.plan.PlanException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/// Where QEMU's `virt` machine puts a guest that it boots directly from a kernel (`-kernel`, `-initrd`, `-append`), and
/// in which order it builds the Realm (`hw/arm/boot.c`, `target/arm/kvm-rme.c`): RAM, then the blobs by address, then
/// the processors.
public final class QemuPlan {
    private static final long INITRD_MAX_OFFSET = 128L << 20;
    private static final long DTB_ALIGNMENT = 2L << 20;

    private QemuPlan() {}

    /// The plan of a direct kernel boot.
    ///
    /// @param initrd the initrd; an empty blob: none
    /// @throws PlanException.DoesNotFit if kernel, initrd or device tree end beyond the machine's memory
    public static BootPlan directBoot(QemuMachine machine, KernelImage kernel, Blob initrd) {
        long kernelAt = QemuMachine.RAM_BASE + kernel.textOffset();
        long kernelTop = kernelAt + kernel.imageSize();
        requireInRam(machine, "kernel", kernelTop);

        long offset = Math.min(machine.memoryBytes() / 2, INITRD_MAX_OFFSET);
        long initrdAt = BootPlan.roundUp(Math.max(QemuMachine.RAM_BASE + offset, kernelTop), BootPlan.PAGE);
        long initrdTop = initrdAt + initrd.size();
        requireInRam(machine, "initrd", initrdTop);

        Blob deviceTree = QemuDeviceTree.write(machine, initrdAt, initrdTop);
        long deviceTreeAt = BootPlan.roundUp(initrdTop, DTB_ALIGNMENT);
        requireInRam(machine, "device tree", deviceTreeAt + deviceTree.size());

        List<BootOperation> operations = new ArrayList<>();
        operations.add(new InitRipas(QemuMachine.RAM_BASE, machine.ramTop()));
        operations.add(new LoadData("kernel", kernel.file(), kernelAt));
        if (initrd.size() > 0) {
            operations.add(new LoadData("initrd", initrd, initrdAt));
        }
        operations.add(new LoadData("device tree", deviceTree, deviceTreeAt));
        GeneralRegisters registers = GeneralRegisters.zero(RecParams.REGISTERS).with(0, deviceTreeAt);
        operations.add(new CreateRec(0, true, QemuMachine.RAM_BASE, registers));
        IntStream.range(1, machine.vcpus()).mapToObj(CreateRec::waiting).forEach(operations::add);
        return new BootPlan(machine.features(), new BootPlan.Range(QemuMachine.RAM_BASE, machine.ramTop()), operations);
    }

    private static void requireInRam(QemuMachine machine, String what, long top) {
        if (Long.compareUnsigned(top, machine.ramTop()) > 0) {
            throw new PlanException.DoesNotFit(what, top, machine.ramTop());
        }
    }
}
