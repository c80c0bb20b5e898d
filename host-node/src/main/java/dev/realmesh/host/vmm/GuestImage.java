// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.host.vmm;

import dev.realmesh.host.vmm.plan.Blob;
import dev.realmesh.host.vmm.plan.BootImages;
import dev.realmesh.host.vmm.plan.BootImages.Role;
import dev.realmesh.host.vmm.plan.KernelImage;
import java.nio.file.Files;
import java.nio.file.Path;

/// The artifact that Realms are booted from, as `deploy/guest-image` makes it.
///
/// @param images kernel, initrd with the whole user space, and maybe firmware
public record GuestImage(BootImages images) {
    /// Name of the kernel in the image's folder.
    public static final String KERNEL = "kernel";

    /// Name of the initrd in the image's folder.
    public static final String INITRD = "initrd";

    /// Name of the firmware in the image's folder.
    public static final String FIRMWARE = "firmware";

    /// The kernel command line that all Realms of this image have. It is measured, so it is a constant: what differs
    /// between Realms comes by initdata.
    public static final String COMMAND_LINE = "console=ttyAMA0";

    /// Opens the image in `folder`; its files are mapped, and must not change while Realms are built from them.
    ///
    /// @throws VmmException.BadImage if a file is missing
    /// @throws dev.realmesh.host.vmm.plan.PlanException.BadKernel if the kernel has no proper header
    public static GuestImage open(Path folder) {
        Blob kernel = file(folder, KERNEL);
        var unused = KernelImage.read(kernel);
        return new GuestImage(BootImages.NONE.with(Role.KERNEL, kernel).with(Role.INITRD, file(folder, INITRD)));
    }

    /// Opens the image in `folder` with its firmware.
    ///
    /// @throws VmmException.BadImage if a file is missing
    /// @throws dev.realmesh.host.vmm.plan.PlanException.BadKernel if the kernel has no proper header
    public static GuestImage openWithFirmware(Path folder) {
        return new GuestImage(open(folder).images().with(Role.FIRMWARE, file(folder, FIRMWARE)));
    }

    private static Blob file(Path folder, String name) {
        Path file = folder.resolve(name);
        if (!Files.isReadable(file)) {
            throw new VmmException.BadImage(
                    file + ": not there (expected: a guest image, built by deploy/guest-image)");
        }
        return Blob.map(file);
    }
}
