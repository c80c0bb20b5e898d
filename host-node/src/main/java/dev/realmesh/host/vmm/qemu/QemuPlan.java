// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.host.vmm.qemu;

import dev.realmesh.host.vmm.devicetree.DeviceTree;
import dev.realmesh.host.vmm.devicetree.VirtualDevices.Initrd;
import dev.realmesh.host.vmm.plan.Blob;
import dev.realmesh.host.vmm.plan.BootImages;
import dev.realmesh.host.vmm.plan.BootImages.Role;
import dev.realmesh.host.vmm.plan.BootLayout;
import dev.realmesh.host.vmm.plan.BootLog;
import dev.realmesh.host.vmm.plan.BootPlan;
import dev.realmesh.host.vmm.plan.BootPlan.Range;
import dev.realmesh.host.vmm.plan.FirmwareConfig;
import dev.realmesh.host.vmm.plan.KernelImage;
import dev.realmesh.host.vmm.plan.RemExtension;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// Where QEMU's `virt` machine puts a guest, and in which order it builds the Realm (`hw/arm/boot.c`,
/// `target/arm/kvm-rme.c`): RAM, then the blobs by address, then the processors.
///
/// Without firmware, kernel, initrd and device tree lie in RAM, in this order. With firmware, that lies at 0, outside
/// RAM, and the device tree at the start of RAM; kernel and initrd come to the firmware by fw_cfg, unmeasured, and it
/// measures them while it boots. The device tree tells of the initrd nevertheless.
public final class QemuPlan {
    private static final long INITRD_MAX_OFFSET = 128L << 20;
    private static final long DTB_ALIGNMENT = 2L << 20;
    private static final long LOG_OFFSET = 1L << 20;
    private static final int LOG_SIZE = 64 << 10;

    /// The version whose machine this is.
    private static final String VERSION = "9.1";

    private static final long FIRMWARE_AT = 0;
    private static final int FIRMWARE_REGISTER = 0;

    private final QemuMachine machine;
    private final BootImages images;
    private final Range ram;

    private QemuPlan(QemuMachine machine, BootImages images) {
        this.machine = machine;
        this.images = images;
        this.ram = new Range(QemuMemoryMap.RAM_BASE, machine.memory().ramTop());
    }

    /// The plan of a direct kernel boot.
    ///
    /// @param initrd the initrd; an empty blob: none
    /// @throws PlanException if something does not fit, or an RMM refuses it
    public static BootPlan directBoot(QemuMachine machine, KernelImage kernel, Blob initrd) {
        BootImages images = BootImages.NONE.with(Role.KERNEL, kernel.file());
        return of(machine, initrd.size() == 0 ? images : images.with(Role.INITRD, initrd));
    }

    /// The plan of a machine that boots what is in `images`: a kernel, maybe with an initrd; or firmware, maybe with
    /// both of them.
    ///
    /// @throws PlanException if something does not fit, or an RMM refuses it
    public static BootPlan of(QemuMachine machine, BootImages images) {
        return new QemuPlan(machine, images).layOut();
    }

    /// What firmware measures of the images that it is given.
    static List<RemExtension> extensions(BootImages images) {
        if (!images.has(Role.FIRMWARE) || !images.has(Role.KERNEL)) {
            return List.of();
        }
        Stream<RemExtension> kernel = images.find(Role.KERNEL).map(KernelImage::read).stream()
                .map(image -> new RemExtension(FIRMWARE_REGISTER, Role.KERNEL.title(), image.file()));
        Stream<RemExtension> initrd = images.find(Role.INITRD).stream()
                .map(image -> new RemExtension(FIRMWARE_REGISTER, Role.INITRD.title(), image));
        return Stream.concat(kernel, initrd).toList();
    }

    /// What the firmware of a machine that boots what is in `images` finds at its fw_cfg device.
    static Optional<FirmwareConfig> firmwareConfig(BootImages images, String commandLine) {
        if (!images.has(Role.FIRMWARE)) {
            return Optional.empty();
        }
        Blob kernel = images.find(Role.KERNEL)
                .map(KernelImage::read)
                .map(KernelImage::file)
                .orElse(Blob.empty());
        Blob initrd = images.find(Role.INITRD).orElse(Blob.empty());
        return Optional.of(FirmwareConfig.of(QemuDeviceTree.FIRMWARE_CONFIG_BASE, kernel, initrd, commandLine));
    }

    private BootPlan layOut() {
        boolean firmware = images.has(Role.FIRMWARE);
        BootLayout layout = new BootLayout(machine.features(), ram);
        Optional<KernelImage> kernel = images.find(Role.KERNEL).map(KernelImage::read);
        long initrdAt = kernel.map(this::initrdAfter).orElse(ram.base());
        Optional<Blob> initrdImage = kernel.flatMap(unused -> images.find(Role.INITRD));
        Optional<Initrd> initrd = initrdImage.map(image -> new Initrd(initrdAt, initrdAt + image.size()));
        initrd.ifPresent(range -> ram.requireHolds(Role.INITRD.title(), range.end()));
        if (firmware) {
            layout.load(Role.FIRMWARE.title(), images.require(Role.FIRMWARE), FIRMWARE_AT);
        } else {
            kernel.ifPresent(image -> layout.load(Role.KERNEL.title(), image.file(), ram.base() + image.textOffset()));
            initrdImage.ifPresent(image -> layout.load(Role.INITRD.title(), image, initrdAt));
        }
        long after = initrd.map(Initrd::end).orElse(initrdAt);
        long deviceTreeAt = firmware ? ram.base() : BootPlan.roundUp(after, DTB_ALIGNMENT);
        Optional<Range> log = Optional.of(new Range(deviceTreeAt + LOG_OFFSET, deviceTreeAt + LOG_OFFSET + LOG_SIZE))
                .filter(range -> machine.eventLog());
        loadDeviceTree(layout, deviceTreeAt, initrd, log);
        log.ifPresent(range -> loadLog(layout, range));
        return layout.plan(machine.vcpus(), firmware ? FIRMWARE_AT : ram.base(), firmware ? 0 : deviceTreeAt);
    }

    private long initrdAfter(KernelImage kernel) {
        long kernelTop = ram.base() + kernel.textOffset() + kernel.imageSize();
        ram.requireHolds(Role.KERNEL.title(), kernelTop);
        long offset = Math.min(machine.memory().ramBytes() / 2, INITRD_MAX_OFFSET);
        return BootPlan.roundUp(Math.max(ram.base() + offset, kernelTop), BootPlan.PAGE);
    }

    private void loadDeviceTree(BootLayout layout, long address, Optional<Initrd> initrd, Optional<Range> log) {
        Blob tree = images.find(Role.DEVICE_TREE)
                .map(DeviceTree::checked)
                .orElseGet(() -> QemuDeviceTree.write(machine, initrd, log));
        ram.requireHolds(Role.DEVICE_TREE.title(), address + tree.size());
        layout.load(Role.DEVICE_TREE.title(), tree, address);
    }

    private void loadLog(BootLayout layout, Range range) {
        ram.requireHolds(BootLog.NAME, range.top());
        layout.log(new BootLog("QEMU", VERSION, range));
    }
}
