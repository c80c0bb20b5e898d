// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.host.vmm.cloudhypervisor;

import dev.realmesh.host.vmm.devicetree.DeviceTree;
import dev.realmesh.host.vmm.devicetree.VirtualDevices.Initrd;
import dev.realmesh.host.vmm.plan.Blob;
import dev.realmesh.host.vmm.plan.BootImages;
import dev.realmesh.host.vmm.plan.BootImages.Role;
import dev.realmesh.host.vmm.plan.BootLayout;
import dev.realmesh.host.vmm.plan.BootPlan;
import dev.realmesh.host.vmm.plan.BootPlan.Range;
import dev.realmesh.host.vmm.plan.KernelImage;
import dev.realmesh.host.vmm.plan.PlanException;
import java.util.Optional;

/// Where Cloud Hypervisor puts a guest (`arch/src/aarch64/layout.rs`): the device tree at the start of RAM, the kernel
/// 4 MiB above, the initrd at the end.
public final class CloudHypervisorPlan {
    private static final long KERNEL_OFFSET = 4L << 20;

    private CloudHypervisorPlan() {}

    /// The plan of a machine that boots what is in `images`: a kernel, maybe with an initrd.
    ///
    /// @throws PlanException if something does not fit, or an RMM refuses it
    public static BootPlan of(CloudHypervisorMachine machine, BootImages images) {
        Range ram = machine.ram();
        long kernelBase = ram.base() + KERNEL_OFFSET;
        BootLayout layout = new BootLayout(machine.features(), ram);
        Optional<Initrd> initrd = loadInitrd(layout, images, new Range(kernelBase, ram.top()));
        Range room = new Range(kernelBase, initrd.map(Initrd::start).orElse(ram.top()));
        images.find(Role.KERNEL).map(KernelImage::read).ifPresent(kernel -> {
            long start = room.base() + kernel.textOffset();
            room.requireHolds(Role.KERNEL.title(), start + kernel.imageSize());
            layout.load(Role.KERNEL.title(), kernel.file(), start);
        });
        Blob deviceTree = images.find(Role.DEVICE_TREE)
                .map(DeviceTree::checked)
                .orElseGet(() -> CloudHypervisorDeviceTree.write(machine, initrd));
        new Range(ram.base(), kernelBase).requireHolds(Role.DEVICE_TREE.title(), ram.base() + deviceTree.size());
        layout.load(Role.DEVICE_TREE.title(), deviceTree, ram.base());
        return layout.plan(machine.vcpus(), kernelBase, ram.base());
    }

    private static Optional<Initrd> loadInitrd(BootLayout layout, BootImages images, Range room) {
        Optional<Blob> found = images.find(Role.INITRD);
        if (found.isEmpty()) {
            return Optional.empty();
        }
        Blob initrd = found.get();
        long start = room.top() - BootPlan.roundUp(initrd.size(), BootPlan.PAGE);
        if (start < room.base()) {
            throw PlanException.DoesNotFit.tooLarge(Role.INITRD.title(), initrd.size(), room.top() - room.base());
        }
        layout.load(Role.INITRD.title(), initrd, start);
        return Optional.of(new Initrd(start, start + initrd.size()));
    }
}
