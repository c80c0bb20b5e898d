// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.host.vmm;

import static org.assertj.core.api.Assertions.assertThat;

import dev.realmesh.cca.Bytes;
import dev.realmesh.cca.RealmPersonalizationValue;
import dev.realmesh.cca.abi.HashAlgorithm;
import dev.realmesh.cca.abi.IntermediatePhysicalAddress;
import dev.realmesh.cca.measurement.PageSource;
import dev.realmesh.host.machine.RealmDevices;
import dev.realmesh.host.machine.RealmDevices.Device;
import dev.realmesh.host.machine.RealmMemory;
import dev.realmesh.host.machine.RealmProcessorFactory;
import dev.realmesh.host.machine.guest.Isolation;
import dev.realmesh.host.machine.guest.MemoryFolders;
import dev.realmesh.host.machine.guest.Sandbox;
import dev.realmesh.host.machine.guest.ShellGuest;
import dev.realmesh.host.machine.guest.firmware.BootProcessor;
import dev.realmesh.host.machine.guest.firmware.GuestFirmware;
import dev.realmesh.host.rmm.census.RealmCensus;
import dev.realmesh.host.vmm.arguments.HostCapabilities;
import dev.realmesh.host.vmm.device.DmaMemory;
import dev.realmesh.host.vmm.device.FirmwareConfigDevice;
import dev.realmesh.host.vmm.device.MmioDevice;
import dev.realmesh.host.vmm.plan.Blob;
import dev.realmesh.host.vmm.plan.BootImages;
import dev.realmesh.host.vmm.plan.BootImages.Role;
import dev.realmesh.host.vmm.plan.BootLog;
import dev.realmesh.host.vmm.plan.BootOperation.LoadData;
import dev.realmesh.host.vmm.plan.BootPlan;
import dev.realmesh.host.vmm.plan.FirmwareConfig;
import dev.realmesh.host.vmm.plan.PlannedRealm;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;

/// Realms of a shell guest that boot by firmware, as QEMU builds them. Needs a static busybox, and user namespaces.
final class FirmwareFixture implements AutoCloseable {
    final Queue<String> console = new ConcurrentLinkedQueue<>();
    private final AtomicReference<Optional<RealmMemory>> memory = new AtomicReference<>(Optional.empty());
    private final Path base;

    FirmwareFixture() {
        try {
            base = Files.createTempDirectory(Path.of("/dev/shm"), "boot-");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        MemoryFolders.delete(base);
    }

    /// How a Realm ended, and what it was then.
    ///
    /// @param log bytes where the log is
    record Ended(RealmEnd how, RealmCensus realm, byte[] log) {}

    /// A device that has other content under a key.
    static Function<DmaMemory, MmioDevice> lying(PlannedRealm planned, int key, byte[] content) {
        Map<Integer, Blob> items = new HashMap<>(config(planned).items());
        items.put(key, Blob.of(content));
        return shared ->
                new FirmwareConfigDevice(new FirmwareConfig(config(planned).base(), items), shared);
    }

    static FirmwareConfig config(PlannedRealm planned) {
        return planned.firmwareConfig().orElseThrow();
    }

    Ended run(PlannedRealm planned) {
        return run(planned, shared -> new FirmwareConfigDevice(config(planned), shared));
    }

    /// Runs a Realm to its end; all that it was made of is the host's again then.
    Ended run(PlannedRealm planned, Function<DmaMemory, MmioDevice> device) {
        try (BootedMachine machine = machine()) {
            RealmHost host = machine.host();
            int free = host.freeGranules();
            Ended ended;
            try (RealmMachine realm = host.build(
                    planned.plan(),
                    RealmPersonalizationValue.NONE,
                    devices(),
                    shared -> List.of(device.apply(shared)))) {
                RealmEnd how = realm.run();
                ended = new Ended(how, machine.census().realms().getFirst(), log(planned.plan()));
            }
            assertThat(host.freeGranules()).isEqualTo(free);
            return ended;
        }
    }

    BootedMachine machine() {
        RealmProcessorFactory processors =
                BootProcessor.factory(Sandbox.open(Isolation.BWRAP), MemoryFolders.open(base));
        return new BootedMachine(96 << 20, context -> {
            memory.set(Optional.of(context.memory()));
            return processors.create(context);
        });
    }

    RealmDevices devices() {
        return new RealmDevices(List.of(new Device.Console(console::add)));
    }

    /// What lies where the log is, as the Realm itself would read it.
    private byte[] log(BootPlan plan) {
        LoadData place = plan.find(BootLog.NAME).orElseThrow();
        byte[] log = new byte[(int) place.blob().size()];
        IntermediatePhysicalAddress at = new IntermediatePhysicalAddress(place.loadAddress());
        assertThat(memory.get().orElseThrow().load(at, log, 0, log.length)).isEmpty();
        return log;
    }

    /// What firmware boot measures into the RIM.
    static Map<Bytes, PageSource> images(BootPlan plan) {
        Map<Bytes, PageSource> images = new HashMap<>();
        for (Role role : List.of(Role.FIRMWARE, Role.DEVICE_TREE)) {
            Blob image = plan.find(role.title()).orElseThrow().blob();
            images.put(Bytes.copyOf(image.digest(HashAlgorithm.SHA_256).toByteArray()), image);
        }
        return images;
    }

    static PlannedRealm plan(HashAlgorithm algorithm, byte[] initrd) {
        String line = "-cpu host -M virt,gic-version=3,acpi=off,confidential-guest-support=rme0"
                + " -object rme-guest,id=rme0,measurement-algorithm=%s,measurement-log=on -smp 1 -m 384M"
                + " -bios firmware -kernel kernel -initrd initrd -append console=ttyAMA0";
        BootImages images = BootImages.NONE
                .with(Role.FIRMWARE, Blob.of(GuestFirmware.ofQemu().bytes()))
                .with(Role.KERNEL, Blob.of(ShellGuest.kernel()))
                .with(Role.INITRD, Blob.of(initrd));
        return VirtualMachineMonitor.QEMU.plan(
                List.of(line.formatted(algorithm.jcaName().replace("-", "").toLowerCase(Locale.ROOT))
                        .split(" ")),
                HostCapabilities.named("qemu-max-8.2").atMost(HostCapabilities.named("kvm")),
                images);
    }
}
