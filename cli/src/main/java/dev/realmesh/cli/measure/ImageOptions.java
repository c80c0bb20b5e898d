// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.cli.measure;

import dev.realmesh.host.vmm.plan.BootImages;
import dev.realmesh.host.vmm.plan.BootImages.Role;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// What the monitor loads, where its own command line says so.
final class ImageOptions {
    @Option(
            names = {"-k", "--kernel"},
            paramLabel = "FILE",
            description = "Kernel: an arm64 Image, maybe gzip.")
    @Nullable
    private Path kernel;

    @Option(
            names = {"-i", "--initrd"},
            paramLabel = "FILE",
            description = "Initrd.")
    @Nullable
    private Path initrd;

    @Option(
            names = {"-f", "--firmware"},
            paramLabel = "FILE",
            description = "Firmware.")
    @Nullable
    private Path firmware;

    @Option(
            names = "--dtb",
            paramLabel = "FILE",
            description = "Device tree to measure as it is; else the one of realm-measurements is made.")
    @Nullable
    private Path deviceTree;

    BootImages images() {
        BootImages images = with(BootImages.NONE, Role.KERNEL, kernel);
        images = with(images, Role.INITRD, initrd);
        images = with(images, Role.FIRMWARE, firmware);
        return with(images, Role.DEVICE_TREE, deviceTree);
    }

    private static BootImages with(BootImages images, Role role, @Nullable Path file) {
        return file == null ? images : images.with(role, file);
    }
}
