// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.host;

import dev.realmesh.cca.token.TokenGeneration;
import dev.realmesh.host.launch.BootMethod;
import dev.realmesh.host.launch.BootMethod.First;
import dev.realmesh.host.launch.BootSource;
import dev.realmesh.host.launch.RealmShape;
import dev.realmesh.host.machine.MachineModel;
import dev.realmesh.host.machine.guest.Isolation;
import dev.realmesh.host.vmm.VirtualMachineMonitor;
import dev.realmesh.host.vmm.plan.PlanException;
import dev.realmesh.mesh.config.Default;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// What a host is told; section `host-node` of the configuration.
///
/// @param stateFolder folder that keeps the platform's identity, made if there is none; `state-folder`, required
/// @param guestImage folder with the guest image that Realms are booted from; `guest-image`, required
/// @param monitor whose plan lays these Realms out: qemu, kvmtool or cloud-hv; `monitor`, default qemu
/// @param boot what starts first in them: kernel, or firmware, which qemu alone has; `boot`, default kernel
/// @param moreGuestImages others that a request may name, each a folder, or FOLDER@METHOD with a method of qemu,
///     qemu-firmware, kvmtool and cloud-hv. Its name is the last part of the folder's path, with @METHOD unless that is
///     qemu; `more-guest-images`, default none
/// @param initdata file with the initdata of Realms that bring none; `initdata`, default none: each brings its own
/// @param machine the machine that is emulated: virt or sbsa-ref, QEMU's; `machine`, default virt
/// @param tokens generation of attestation tokens: v2023 or v2024, by the year of their profiles; `tokens`, default
///     v2023, which published verifiers read
/// @param realmMemoryMib memory of the emulated machine that Realms can be made of, 256 to 65,536; sparse, so it
///     costs what is used; `realm-memory-mib`, default 8192
/// @param memoryMib memory of a Realm that asks for none, in MiB; `memory-mib`, default 512
/// @param vcpus virtual processors of a Realm that asks for none; `vcpus`, default 1
/// @param maxRealms how many Realms there may be at once, 1 to 256; `max-realms`, default 16
/// @param isolation the wall around guests: bwrap, unshare, or process for none; `isolation`, default bwrap
/// @param guestFolder a memory file system for guests; `guest-folder`, default /dev/shm
/// @param bootTimeout how long a guest may take to come up, 1 s to 10 min; `boot-timeout`, default 60s
public record HostConfig(
        Path stateFolder,
        Path guestImage,
        @Default("qemu") String monitor,
        @Default("kernel") First boot,
        @Default("") List<String> moreGuestImages,
        Optional<Path> initdata,
        @Default("virt") MachineModel machine,
        @Default("v2023") TokenGeneration tokens,
        @Default("8192") int realmMemoryMib,
        @Default("512") int memoryMib,
        @Default("1") int vcpus,
        @Default("16") int maxRealms,
        @Default("bwrap") Isolation isolation,
        @Default("/dev/shm") Path guestFolder,
        @Default("60s") Duration bootTimeout) {
    public HostConfig {
        moreGuestImages = List.copyOf(moreGuestImages);
        requireBetween("realm-memory-mib", realmMemoryMib, 256, 65_536);
        requireBetween("max-realms", maxRealms, 1, 256);
        requireBetween("boot-timeout in seconds", bootTimeout.toSeconds(), 1, 600);
        requireBetween("memory-mib", memoryMib, 256, 65_536);
        requireBetween("vcpus", vcpus, 1, 16);
        var unused = bootSources(guestImage, method(monitor, boot), moreGuestImages);
    }

    private static void requireBetween(String key, long value, long least, long most) {
        if (value < least || value > most) {
            throw new IllegalArgumentException("%s: %d (expected: %d-%d)".formatted(key, value, least, most));
        }
    }

    /// The defaults.
    public static HostConfig withDefaults(Path stateFolder, Path guestImage) {
        return new HostConfig(
                stateFolder,
                guestImage,
                VirtualMachineMonitor.QEMU.commandName(),
                First.KERNEL,
                List.of(),
                Optional.empty(),
                MachineModel.VIRT,
                TokenGeneration.V2023,
                8192,
                RealmShape.DEFAULT.memoryMib(),
                RealmShape.DEFAULT.vcpus(),
                16,
                Isolation.BWRAP,
                Path.of("/dev/shm"),
                Duration.ofSeconds(60));
    }

    /// This, with the initdata of Realms that bring none.
    public HostConfig withInitdata(Path file) {
        return new HostConfig(
                stateFolder,
                guestImage,
                monitor,
                boot,
                moreGuestImages,
                Optional.of(file),
                machine,
                tokens,
                realmMemoryMib,
                memoryMib,
                vcpus,
                maxRealms,
                isolation,
                guestFolder,
                bootTimeout);
    }

    /// All guest images and how they boot, the usual one first.
    public List<BootSource> bootSources() {
        return bootSources(guestImage, method(monitor, boot), moreGuestImages);
    }

    /// Folders with the reference values of Realms that boot so, as the builds of the images left them.
    public List<Path> endorsementFolders() {
        return bootSources().stream().map(BootSource::endorsements).toList();
    }

    private static List<BootSource> bootSources(Path usual, BootMethod method, List<String> others) {
        List<BootSource> all = new ArrayList<>();
        all.add(new BootSource(usual, method));
        others.forEach(text -> all.add(BootSource.parse(text)));
        return all;
    }

    private static BootMethod method(String monitor, First first) {
        try {
            return new BootMethod(VirtualMachineMonitor.named(monitor), first);
        } catch (PlanException.BadArguments e) {
            throw new IllegalArgumentException("monitor: " + e.getMessage(), e);
        }
    }

    /// What a Realm gets that asks for no shape.
    public RealmShape defaultShape() {
        return new RealmShape(memoryMib, vcpus);
    }
}
