// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.host.vmm.kvmtool;

import dev.realmesh.host.vmm.devicetree.DeviceTree;
import dev.realmesh.host.vmm.devicetree.VirtualDevices.Initrd;
import dev.realmesh.host.vmm.plan.Blob;
import dev.realmesh.host.vmm.plan.BootImages;
import dev.realmesh.host.vmm.plan.BootImages.Role;
import dev.realmesh.host.vmm.plan.BootLayout;
import dev.realmesh.host.vmm.plan.BootLog;
import dev.realmesh.host.vmm.plan.BootPlan;
import dev.realmesh.host.vmm.plan.BootPlan.Range;
import dev.realmesh.host.vmm.plan.KernelImage;
import dev.realmesh.host.vmm.plan.PlanException;
import java.util.Optional;

/// Where kvmtool puts a guest (`arm/kvm.c`, `arm/fdt.c`), with the rules of `realm-measurements` where kvmtool's own
/// depend on its host: the kernel at the start of RAM, the initrd right below the device tree, and that 2 MiB below the
/// end of the first 256 MiB.
public final class KvmtoolPlan {
    private static final long FIRST_MEMORY = 256L << 20;
    private static final long DTB_ALIGNMENT = 2L << 20;
    private static final int INITRD_ALIGNMENT = 4;
    private static final int LOG_SIZE = 64 << 10;

    /// The version whose machine this is.
    private static final String VERSION = "3.18";

    private KvmtoolPlan() {}

    /// The plan of a machine that boots what is in `images`: a kernel, maybe with an initrd; or firmware.
    ///
    /// @throws PlanException if something does not fit, or an RMM refuses it
    public static BootPlan of(KvmtoolMachine machine, BootImages images) {
        Range ram = machine.ram();
        long end = Math.min(ram.top(), ram.base() + FIRST_MEMORY);
        Optional<Range> log = Optional.of(new Range(end - LOG_SIZE, end)).filter(range -> machine.eventLog());
        long below = log.map(Range::base).orElse(end);
        long deviceTreeAt = BootPlan.roundUp(below - DTB_ALIGNMENT - KvmtoolDeviceTree.SIZE, DTB_ALIGNMENT);
        BootLayout layout = new BootLayout(machine.features(), ram);
        Optional<Initrd> initrd = loadInitrd(layout, images, new Range(ram.base(), deviceTreeAt));
        long free = initrd.map(Initrd::start).orElse(deviceTreeAt);
        loadKernel(layout, images, new Range(ram.base(), free));
        Optional<Blob> firmware = images.find(Role.FIRMWARE);
        firmware.ifPresent(image -> layout.load(Role.FIRMWARE.title(), image, machine.firmwareBase()));
        Blob deviceTree = images.find(Role.DEVICE_TREE)
                .map(DeviceTree::checked)
                .orElseGet(() -> KvmtoolDeviceTree.write(machine, initrd, log));
        layout.load(Role.DEVICE_TREE.title(), deviceTree, deviceTreeAt);
        log.ifPresent(range -> layout.log(new BootLog("kvmtool", VERSION, range)));
        return layout.plan(machine.vcpus(), start(machine, images), deviceTreeAt);
    }

    private static Optional<Initrd> loadInitrd(BootLayout layout, BootImages images, Range room) {
        Optional<Blob> found = images.find(Role.INITRD);
        if (found.isEmpty()) {
            return Optional.empty();
        }
        Blob initrd = found.get();
        long start = BootPlan.roundUp(room.top() - initrd.size() - INITRD_ALIGNMENT, INITRD_ALIGNMENT);
        if (start < room.base()) {
            throw PlanException.DoesNotFit.tooLarge(Role.INITRD.title(), initrd.size(), room.top() - room.base());
        }
        layout.load(Role.INITRD.title(), initrd, start);
        return Optional.of(new Initrd(start, start + initrd.size()));
    }

    private static void loadKernel(BootLayout layout, BootImages images, Range room) {
        images.find(Role.KERNEL).map(KernelImage::read).ifPresent(kernel -> {
            long start = room.base() + kernel.textOffset();
            room.requireHolds(Role.KERNEL.title(), start + kernel.imageSize());
            layout.load(Role.KERNEL.title(), kernel.file(), start);
        });
    }

    private static long start(KvmtoolMachine machine, BootImages images) {
        if (images.has(Role.FIRMWARE)) {
            return machine.firmwareBase();
        }
        return images.has(Role.KERNEL) ? KvmtoolMachine.RAM_BASE : 0;
    }
}
