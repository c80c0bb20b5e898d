// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.host.vmm;

import dev.realmesh.host.vmm.plan.Blob;
import dev.realmesh.host.vmm.plan.KernelImage;
import java.nio.file.Files;
import java.nio.file.Path;

/// The artifact that Realms are booted from, as `deploy/guest-image` makes it.
///
/// @param kernel kernel with its arm64 Image header
/// @param initrd the whole user space
public record GuestImage(KernelImage kernel, Blob initrd) {
    /// Name of the kernel in the image's folder.
    public static final String KERNEL = "kernel";

    /// Name of the initrd in the image's folder.
    public static final String INITRD = "initrd";

    /// The kernel command line that all Realms of this image have. It is measured, so it is a constant: what differs
    /// between Realms comes by initdata.
    public static final String COMMAND_LINE = "console=ttyAMA0";

    /// Opens the image in `folder`; its files are mapped, and must not change while Realms are built from them.
    ///
    /// @throws VmmException.BadImage if a file is missing
    /// @throws dev.realmesh.host.vmm.plan.PlanException.BadKernel if the kernel has no proper header
    public static GuestImage open(Path folder) {
        return new GuestImage(KernelImage.read(file(folder, KERNEL)), file(folder, INITRD));
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
