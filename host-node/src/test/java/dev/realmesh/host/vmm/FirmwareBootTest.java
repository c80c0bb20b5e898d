// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.host.vmm;

import static org.assertj.core.api.Assertions.assertThat;

import dev.realmesh.cca.Bytes;
import dev.realmesh.cca.RealmPersonalizationValue;
import dev.realmesh.cca.abi.HashAlgorithm;
import dev.realmesh.cca.abi.IntermediatePhysicalAddress;
import dev.realmesh.cca.eventlog.EventLog;
import dev.realmesh.cca.eventlog.EventLogReplay;
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
import dev.realmesh.host.vmm.plan.OfflineMeasurement;
import dev.realmesh.host.vmm.plan.PlannedRealm;
import dev.realmesh.testkit.Seeds;
import java.io.IOException;
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
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/// A Realm that boots by firmware, as QEMU builds it: the firmware takes kernel and initrd from the host, and what it
/// measures is what `realmesh measure` foretells. Needs a static busybox, and user namespaces.
@Timeout(120)
class FirmwareBootTest {
    private static final String SCRIPT = "echo works on $REALM_CPUS";

    private final Queue<String> console = new ConcurrentLinkedQueue<>();
    private final AtomicReference<Optional<RealmMemory>> memory = new AtomicReference<>(Optional.empty());
    private Path base = Path.of("");

    @BeforeEach
    void makeBase() throws IOException {
        base = Files.createTempDirectory(Path.of("/dev/shm"), "boot-");
    }

    @AfterEach
    void removeBase() {
        MemoryFolders.delete(base);
    }

    /// How a Realm ended, and what it was then.
    ///
    /// @param log bytes where the log is
    private record Ended(RealmEnd how, RealmCensus realm, byte[] log) {}

    @ParameterizedTest
    @EnumSource
    void measuresWhatWasForetoldAndRunsIt(HashAlgorithm algorithm) {
        PlannedRealm planned = plan(algorithm, ShellGuest.initrd(SCRIPT));

        Ended ended = run(planned);

        assertThat(console)
                .contains("works on 1")
                .first()
                .asString()
                .matches("guest firmware: kernel of 4096 bytes, initrd of [0-9]+ bytes measured into REM\\[0]");
        assertThat(ended.realm().initialMeasurement()).isEqualTo(OfflineMeasurement.of(planned.plan()));
        assertThat(ended.realm().extensibleMeasurements())
                .isEqualTo(OfflineMeasurement.registers(planned.plan(), planned.extensions()));
        assertThat(ended.realm().translation().sharedBytes()).isPositive();
    }

    @ParameterizedTest
    @EnumSource
    void leavesALogThatReplaysToTheMeasurements(HashAlgorithm algorithm) {
        PlannedRealm planned = plan(algorithm, ShellGuest.initrd(SCRIPT));

        Ended ended = run(planned);

        EventLog log = EventLog.read(ended.log());
        assertThat(EventLogReplay.rim(log, images(planned.plan())))
                .isEqualTo(ended.realm().initialMeasurement());
        assertThat(EventLogReplay.registers(log, algorithm))
                .isEqualTo(ended.realm().extensibleMeasurements());
    }

    @Test
    void measuresAnotherInitrdIntoAnotherRemUnderTheSameRim() {
        byte[] initrd = ShellGuest.initrd(SCRIPT);
        Ended genuine = run(plan(HashAlgorithm.SHA_512, initrd));
        initrd[initrd.length - 1] ^= 1;

        Ended changed = run(plan(HashAlgorithm.SHA_512, initrd));

        assertThat(console).filteredOn(line -> line.equals("works on 1")).hasSize(2);
        assertThat(changed.realm().initialMeasurement())
                .isEqualTo(genuine.realm().initialMeasurement());
        assertThat(changed.realm().extensibleMeasurements().getFirst())
                .isNotEqualTo(genuine.realm().extensibleMeasurements().getFirst());
    }

    @ParameterizedTest(name = "{2}")
    @CsvSource({
        "0x00, 46414345, guest firmware: fw_cfg: signature 'FACE' (expected: 'QEMU')",
        "0x00, '', guest firmware: fw_cfg: signature '....' (expected: 'QEMU')",
        "0x01, 01000000, guest firmware: fw_cfg: no DMA (expected: QEMU's since 2.5)",
        "0x08, 00000000, 'guest firmware: kernel: 0 bytes (expected: 1 to 400551936, the RAM that is left)'",
        "0x08, FFFFFFFF, 'guest firmware: kernel: 4294967295 bytes (expected: 1 to 400551936, the RAM that is left)'",
        "0x11, '', 'guest firmware: kernel: header (expected: an arm64 Image without text_offset)'",
        "0x0b, 00000000, 'guest firmware: initrd: 0 bytes (expected: 1 to 398454784, the RAM that is left)'",
        "0x0b, FFFFFF7F, 'guest firmware: initrd: 2147483647 bytes (expected: 1 to 398454784, the RAM that is left)'",
        "0x14, FFFFFFFF, guest firmware: command line: 4294967295 bytes (expected: at most 4096)",
        "0x15, 72, 'guest firmware: command line: ''r'' (expected: that of the device tree, ''console=ttyAMA0'')'"
    })
    void endsWithOneLineWhenTheHostLies(String key, String content, String says) {
        PlannedRealm planned = plan(HashAlgorithm.SHA_256, ShellGuest.initrd(SCRIPT));
        Bytes bytes = content.isEmpty() ? Bytes.EMPTY : Bytes.ofHex(content);

        Ended ended = run(planned, lying(planned, Integer.decode(key), bytes.toByteArray()));

        assertThat(ended.how()).isEqualTo(RealmEnd.DIED);
        assertThat(console).containsExactly(says);
    }

    @Test
    void endsWithOneLineWhenDmaFails() {
        PlannedRealm planned = plan(HashAlgorithm.SHA_256, ShellGuest.initrd(SCRIPT));

        run(
                planned,
                shared -> new FirmwareConfigDevice(config(planned), new DmaMemory() {
                    @Override
                    public boolean read(long ipa, byte[] into) {
                        return shared.read(ipa, into);
                    }

                    @Override
                    public boolean write(long ipa, byte[] from) {
                        return from.length == Integer.BYTES && shared.write(ipa, from);
                    }
                }));

        assertThat(console).containsExactly("guest firmware: fw_cfg: DMA of 4096 bytes failed");
    }

    @Test
    void endsWithOneLineWhenDmaNeverEnds() {
        PlannedRealm planned = plan(HashAlgorithm.SHA_256, ShellGuest.initrd(SCRIPT));

        run(
                planned,
                shared -> new FirmwareConfigDevice(config(planned), new DmaMemory() {
                    @Override
                    public boolean read(long ipa, byte[] into) {
                        return false;
                    }

                    @Override
                    public boolean write(long ipa, byte[] from) {
                        return false;
                    }
                }));

        assertThat(console).containsExactly("guest firmware: fw_cfg: DMA of 4096 bytes does not end");
    }

    @Test
    void endsWithOneLineWhenThereIsNoDevice() {
        PlannedRealm planned = plan(HashAlgorithm.SHA_256, ShellGuest.initrd(SCRIPT));

        try (BootedMachine machine = machine();
                RealmMachine realm = machine.host().build(planned.plan(), RealmPersonalizationValue.NONE, devices())) {
            assertThat(realm.run()).isEqualTo(RealmEnd.DIED);
        }

        assertThat(console)
                .containsExactly("guest firmware: 0x10009020008: aborted (expected: memory or a device there)");
    }

    @ParameterizedTest
    @MethodSource("dev.realmesh.testkit.Seeds#some")
    void endsInAnOrderlyWayWhateverTheHostGives(long seed) {
        RandomGenerator random = Seeds.random(seed);
        PlannedRealm planned = plan(HashAlgorithm.SHA_256, ShellGuest.initrd("exit 0"));
        List<Integer> keys = config(planned).items().keySet().stream().sorted().toList();
        int key = keys.get(random.nextInt(keys.size()));
        byte[] content = config(planned).items().get(key).toByteArray();
        for (int changes = random.nextInt(1, 4); changes > 0; changes--) {
            content[random.nextInt(content.length)] = (byte) random.nextInt();
        }

        run(planned, lying(planned, key, content));

        assertThat(console).last().asString().matches("(guest |the guest ended).*");
    }

    private static Function<DmaMemory, MmioDevice> lying(PlannedRealm planned, int key, byte[] content) {
        Map<Integer, Blob> items = new HashMap<>(config(planned).items());
        items.put(key, Blob.of(content));
        return shared ->
                new FirmwareConfigDevice(new FirmwareConfig(config(planned).base(), items), shared);
    }

    private static FirmwareConfig config(PlannedRealm planned) {
        return planned.firmwareConfig().orElseThrow();
    }

    private Ended run(PlannedRealm planned) {
        return run(planned, shared -> new FirmwareConfigDevice(config(planned), shared));
    }

    /// Runs a Realm to its end; all that it was made of is the host's again then.
    private Ended run(PlannedRealm planned, Function<DmaMemory, MmioDevice> device) {
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

    private BootedMachine machine() {
        RealmProcessorFactory processors =
                BootProcessor.factory(Sandbox.open(Isolation.BWRAP), MemoryFolders.open(base));
        return new BootedMachine(96 << 20, context -> {
            memory.set(Optional.of(context.memory()));
            return processors.create(context);
        });
    }

    private RealmDevices devices() {
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

    private static Map<Bytes, PageSource> images(BootPlan plan) {
        Map<Bytes, PageSource> images = new HashMap<>();
        for (Role role : List.of(Role.FIRMWARE, Role.DEVICE_TREE)) {
            Blob image = plan.find(role.title()).orElseThrow().blob();
            images.put(Bytes.copyOf(image.digest(HashAlgorithm.SHA_256).toByteArray()), image);
        }
        return images;
    }

    private static PlannedRealm plan(HashAlgorithm algorithm, byte[] initrd) {
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
