// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.host.launch;

import dev.realmesh.host.vmm.GuestImage;
import dev.realmesh.host.vmm.VirtualMachineMonitor;
import dev.realmesh.host.vmm.arguments.HostCapabilities;
import dev.realmesh.host.vmm.plan.PlannedRealm;
import java.util.ArrayList;
import java.util.List;

/// How a host boots Realms from a guest image: by the plan of which monitor, and what starts first. It is the command
/// line of that monitor, so `realmesh measure` foretells the measurements from the same words.
///
/// @param monitor whose plan it is
/// @param first what starts first
public record BootMethod(VirtualMachineMonitor monitor, First first) {
    /// QEMU's direct kernel boot.
    public static final BootMethod DEFAULT = new BootMethod(VirtualMachineMonitor.QEMU, First.KERNEL);

    /// All that there are.
    public static final List<BootMethod> ALL = List.of(
            DEFAULT,
            new BootMethod(VirtualMachineMonitor.QEMU, First.FIRMWARE),
            new BootMethod(VirtualMachineMonitor.KVMTOOL, First.KERNEL),
            new BootMethod(VirtualMachineMonitor.CLOUD_HYPERVISOR, First.KERNEL));

    /// Hosts whose bounds a Realm has, in the order in which they count.
    private static final HostCapabilities HOST =
            HostCapabilities.named("qemu-max-8.2").atMost(HostCapabilities.named("kvm"));

    private static final String FIRMWARE_SUFFIX = "-firmware";

    /// What starts first in a Realm.
    public enum First {
        /// The kernel, which is measured into the RIM with its initrd.
        KERNEL,
        /// Firmware, which is measured into the RIM, and measures kernel and initrd into REM\[0].
        FIRMWARE
    }

    /// @throws IllegalArgumentException if there is no such firmware
    public BootMethod {
        if (first == First.FIRMWARE && monitor != VirtualMachineMonitor.QEMU) {
            throw new IllegalArgumentException(
                    "boot: firmware by the plan of %s (expected: kernel; the firmware is for qemu)"
                            .formatted(monitor.commandName()));
        }
    }

    /// The method of a name, such as `kvmtool` or `qemu-firmware`.
    ///
    /// @throws IllegalArgumentException if there is none
    static BootMethod named(String name) {
        return ALL.stream()
                .filter(method -> method.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("more-guest-images: @%s (expected: one of %s)"
                        .formatted(
                                name,
                                String.join(
                                        ", ", ALL.stream().map(BootMethod::name).toList()))));
    }

    /// Its name.
    public String name() {
        return monitor.commandName() + (first == First.FIRMWARE ? FIRMWARE_SUFFIX : "");
    }

    /// The Realm of this shape that is booted from `image`.
    ///
    /// @throws dev.realmesh.host.vmm.plan.PlanException if it cannot be
    public PlannedRealm plan(GuestImage image, RealmShape shape) {
        return monitor.plan(commandLine(shape), HOST, image.images());
    }

    /// The monitor's command line, without its own name.
    public List<String> commandLine(RealmShape shape) {
        return switch (monitor) {
            case QEMU -> qemu(shape);
            case KVMTOOL -> words("--realm --measurement-algo sha512 -c %d -m %dM -k kernel -i initrd", shape);
            case CLOUD_HYPERVISOR -> {
                List<String> words = words(
                        "--platform arm_rme=on,measurement_algo=sha512 --cpus boot=%d --memory size=%dM"
                                + " --kernel kernel --initramfs initrd --cmdline",
                        shape);
                words.add(GuestImage.COMMAND_LINE);
                yield words;
            }
        };
    }

    private List<String> qemu(RealmShape shape) {
        boolean firmware = first == First.FIRMWARE;
        List<String> words = words(
                "-cpu host -M virt,gic-version=3,acpi=off,confidential-guest-support=rme0"
                        + " -object rme-guest,id=rme0,measurement-algorithm=sha512"
                        + (firmware ? ",measurement-log=on" : "")
                        + " -smp %d -m %dM"
                        + (firmware ? " -bios firmware" : "")
                        + " -kernel kernel -initrd initrd -append",
                shape);
        words.add(GuestImage.COMMAND_LINE);
        return words;
    }

    private static List<String> words(String line, RealmShape shape) {
        return new ArrayList<>(
                List.of(line.formatted(shape.vcpus(), shape.memoryMib()).split(" ")));
    }
}
