// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.host.launch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.realmesh.cca.RealmPersonalizationValue;
import dev.realmesh.cca.abi.HashAlgorithm;
import dev.realmesh.host.HostConfig;
import dev.realmesh.host.machine.RealmDevices;
import dev.realmesh.host.machine.RealmDevices.Device;
import dev.realmesh.host.machine.guest.Isolation;
import dev.realmesh.host.machine.guest.MemoryFolders;
import dev.realmesh.host.machine.guest.Sandbox;
import dev.realmesh.host.machine.guest.ShellGuest;
import dev.realmesh.host.machine.guest.firmware.BootProcessor;
import dev.realmesh.host.machine.guest.firmware.GuestFirmware;
import dev.realmesh.host.rmm.census.RealmCensus;
import dev.realmesh.host.vmm.BootedMachine;
import dev.realmesh.host.vmm.GuestImage;
import dev.realmesh.host.vmm.RealmMachine;
import dev.realmesh.host.vmm.VmmException;
import dev.realmesh.host.vmm.plan.Blob;
import dev.realmesh.host.vmm.plan.KernelImage;
import dev.realmesh.host.vmm.plan.OfflineMeasurement;
import dev.realmesh.host.vmm.plan.PlannedRealm;
import dev.realmesh.host.vmm.plan.VirtualCpu;
import dev.realmesh.host.vmm.qemu.QemuMachine;
import dev.realmesh.host.vmm.qemu.QemuPlan;
import dev.realmesh.mesh.config.ConfigException;
import dev.realmesh.mesh.config.Configuration;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// The ways to boot a guest image, from a host's configuration to Realms that run. Needs a static busybox, and user
/// namespaces.
@Timeout(60)
class BootMethodTest {
    private static final String REQUIRED = "host-node: {state-folder: /s, guest-image: /guest, ";

    private final Queue<String> console = new ConcurrentLinkedQueue<>();

    @TempDir
    private Path image;

    private Path base = Path.of("");

    @BeforeEach
    void makeImage() throws IOException {
        base = Files.createTempDirectory(Path.of("/dev/shm"), "boot-");
        Files.write(image.resolve(GuestImage.KERNEL), ShellGuest.kernel());
        Files.write(image.resolve(GuestImage.INITRD), ShellGuest.initrd("echo works on $REALM_CPUS"));
        Files.write(image.resolve(GuestImage.FIRMWARE), GuestFirmware.ofQemu().bytes());
    }

    @AfterEach
    void removeBase() {
        MemoryFolders.delete(base);
    }

    static Stream<BootMethod> methods() {
        return BootMethod.ALL.stream();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("methods")
    void bootsARealmWithTheMeasurementsOfItsPlan(BootMethod method) {
        PlannedRealm planned = new BootSource(image, method).plan(new RealmShape(256, 2));
        RealmDevices devices = new RealmDevices(List.of(new Device.Console(console::add)));
        try (MemoryFolders folders = MemoryFolders.open(base);
                BootedMachine machine =
                        new BootedMachine(96 << 20, BootProcessor.factory(Sandbox.open(Isolation.BWRAP), folders));
                RealmMachine realm = machine.host().build(planned, RealmPersonalizationValue.NONE, devices)) {
            var unused = realm.run();

            RealmCensus census = machine.census().realms().getFirst();
            assertThat(console).contains("works on 2");
            assertThat(census.initialMeasurement()).isEqualTo(OfflineMeasurement.of(planned.plan()));
            assertThat(census.extensibleMeasurements())
                    .isEqualTo(OfflineMeasurement.registers(planned.plan(), planned.extensions()));
        }
    }

    @Test
    void isByDefaultTheDirectBootThatImagesWereMeasuredWith() throws IOException {
        QemuMachine machine =
                new QemuMachine(512L << 20, 1, VirtualCpu.QEMU_MAX, HashAlgorithm.SHA_512, GuestImage.COMMAND_LINE);
        KernelImage kernel = KernelImage.read(Blob.map(image.resolve(GuestImage.KERNEL)));

        assertThat(OfflineMeasurement.of(BootSource.parse(image.toString())
                        .plan(RealmShape.DEFAULT)
                        .plan()))
                .isEqualTo(OfflineMeasurement.of(
                        QemuPlan.directBoot(machine, kernel, Blob.map(image.resolve(GuestImage.INITRD)))));
    }

    @Test
    void isConfiguredForTheUsualImageAndForOthersBesideIt() {
        HostConfig config = config(
                "boot: firmware, more-guest-images: [/guest, /guest@kvmtool, /a@b/guest]}",
                Map.of("REALMESH_HOST_NODE_MONITOR", "qemu"));

        assertThat(config.bootSources())
                .extracting(BootSource::name)
                .containsExactly("guest@qemu-firmware", "guest", "guest@kvmtool", "guest");
        assertThat(config.bootSources())
                .extracting(BootSource::endorsements)
                .startsWith(Path.of("/guest/qemu-firmware"), Path.of("/guest"), Path.of("/guest/kvmtool"));
        assertThat(config("}", Map.of("REALMESH_HOST_NODE_MONITOR", "cloud-hv")).bootSources())
                .extracting(BootSource::name)
                .containsExactly("guest@cloud-hv");
    }

    @Test
    void isRefusedInOneLineWhereThereIsNone() {
        assertThatThrownBy(() -> config("monitor: kvmtool, boot: firmware}", Map.of()))
                .isInstanceOf(ConfigException.class)
                .hasMessage("host-node.boot: firmware by the plan of kvmtool"
                        + " (expected: kernel; the firmware is for qemu)");
        assertThatThrownBy(() -> config("monitor: xen}", Map.of()))
                .hasMessage("host-node.monitor: xen (expected: one of kvmtool, qemu, cloud-hv)");
        assertThatThrownBy(() -> config("more-guest-images: [/guest@cloud-hv-firmware]}", Map.of()))
                .hasMessage("host-node.more-guest-images: @cloud-hv-firmware"
                        + " (expected: one of qemu, qemu-firmware, kvmtool, cloud-hv)");
    }

    @Test
    void wantsTheFirmwareThatItBoots() throws IOException {
        Files.delete(image.resolve(GuestImage.FIRMWARE));
        BootSource source = BootSource.parse(image + "@qemu-firmware");

        assertThatThrownBy(() -> GuestImages.open(List.of(source)))
                .isInstanceOf(VmmException.BadImage.class)
                .hasMessageContaining("/firmware: not there");
    }

    private static HostConfig config(String rest, Map<String, String> environment) {
        return Configuration.parse(REQUIRED + rest, environment).bind("host-node", HostConfig.class);
    }
}
