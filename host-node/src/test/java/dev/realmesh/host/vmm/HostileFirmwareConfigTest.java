// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.host.vmm;

import static org.assertj.core.api.Assertions.assertThat;

import dev.realmesh.cca.Bytes;
import dev.realmesh.cca.RealmPersonalizationValue;
import dev.realmesh.cca.abi.HashAlgorithm;
import dev.realmesh.host.machine.guest.ShellGuest;
import dev.realmesh.host.vmm.device.DmaMemory;
import dev.realmesh.host.vmm.device.FirmwareConfigDevice;
import dev.realmesh.host.vmm.plan.Blob;
import dev.realmesh.host.vmm.plan.BootLog;
import dev.realmesh.host.vmm.plan.BootOperation;
import dev.realmesh.host.vmm.plan.BootOperation.LoadData;
import dev.realmesh.host.vmm.plan.BootPlan;
import dev.realmesh.host.vmm.plan.PlannedRealm;
import dev.realmesh.testkit.Seeds;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/// A Realm that boots by firmware on a host that gives it what it should not: it ends with one line, and nothing of the
/// host is lost.
@Timeout(120)
class HostileFirmwareConfigTest {
    private static final String SCRIPT = "echo works on $REALM_CPUS";

    private final FirmwareFixture realms = new FirmwareFixture();

    @AfterEach
    void close() {
        realms.close();
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
        PlannedRealm planned = FirmwareFixture.plan(HashAlgorithm.SHA_256, ShellGuest.initrd(SCRIPT));
        Bytes bytes = content.isEmpty() ? Bytes.EMPTY : Bytes.ofHex(content);

        FirmwareFixture.Ended ended =
                realms.run(planned, FirmwareFixture.lying(planned, Integer.decode(key), bytes.toByteArray()));

        assertThat(ended.how()).isEqualTo(RealmEnd.DIED);
        assertThat(realms.console).containsExactly(says);
    }

    /// A device that can answer says that it failed; one that cannot leaves its guest waiting, which gives up.
    @ParameterizedTest
    @CsvSource({
        "4, guest firmware: fw_cfg: DMA of 4096 bytes failed",
        "0, guest firmware: fw_cfg: DMA of 4096 bytes does not end"
    })
    void endsWithOneLineWhenDmaFails(int writable, String says) {
        PlannedRealm planned = FirmwareFixture.plan(HashAlgorithm.SHA_256, ShellGuest.initrd(SCRIPT));

        realms.run(
                planned,
                shared -> new FirmwareConfigDevice(FirmwareFixture.config(planned), new DmaMemory() {
                    @Override
                    public boolean read(long ipa, byte[] into) {
                        return shared.read(ipa, into);
                    }

                    @Override
                    public boolean write(long ipa, byte[] from) {
                        return from.length <= writable && shared.write(ipa, from);
                    }
                }));

        assertThat(realms.console).containsExactly(says);
    }

    @Test
    void endsWithOneLineWhenTheLogIsNone() {
        PlannedRealm planned = FirmwareFixture.plan(HashAlgorithm.SHA_256, ShellGuest.initrd(SCRIPT));
        BootPlan plan = planned.plan();
        List<BootOperation> operations = plan.operations().stream()
                .map(each -> each instanceof LoadData load && load.name().equals(BootLog.NAME) ? noise(load) : each)
                .toList();

        realms.run(new PlannedRealm(
                new BootPlan(plan.features(), plan.ram(), operations),
                planned.personalizationValue(),
                planned.extensions(),
                planned.firmwareConfig(),
                List.of()));

        assertThat(realms.console)
                .containsExactly("guest firmware: event log: begins with another event (expected: Spec ID Event03)");
    }

    private static BootOperation noise(LoadData log) {
        byte[] noise = new byte[(int) log.blob().size()];
        Seeds.random(3).nextBytes(noise);
        Arrays.fill(noise, 28, 32, (byte) 0);
        return new LoadData(log.name(), Blob.of(noise), log.loadAddress(), false);
    }

    @Test
    void endsWithOneLineWhenThereIsNoDevice() {
        PlannedRealm planned = FirmwareFixture.plan(HashAlgorithm.SHA_256, ShellGuest.initrd(SCRIPT));

        try (BootedMachine machine = realms.machine();
                RealmMachine realm =
                        machine.host().build(planned.plan(), RealmPersonalizationValue.NONE, realms.devices())) {
            assertThat(realm.run()).isEqualTo(RealmEnd.DIED);
        }

        assertThat(realms.console)
                .containsExactly("guest firmware: 0x10009020008: aborted (expected: memory or a device there)");
    }

    @Test
    void leavesNothingWhenItStopsTheRealmHalfWay() {
        PlannedRealm planned = FirmwareFixture.plan(HashAlgorithm.SHA_256, ShellGuest.initrd(SCRIPT));
        AtomicReference<Thread> stopper = new AtomicReference<>(new Thread());
        try (BootedMachine machine = realms.machine()) {
            RealmHost host = machine.host();
            int free = host.freeGranules();
            RealmMachine realm = host.build(
                    planned.plan(),
                    RealmPersonalizationValue.NONE,
                    realms.devices(),
                    shared -> List.of(new FirmwareConfigDevice(FirmwareFixture.config(planned), new DmaMemory() {
                        @Override
                        public boolean read(long ipa, byte[] into) {
                            stop(stopper.get());
                            return shared.read(ipa, into);
                        }

                        @Override
                        public boolean write(long ipa, byte[] from) {
                            return shared.write(ipa, from);
                        }
                    })));
            stopper.set(new Thread(realm::stop));

            assertThat(realm.run()).isEqualTo(RealmEnd.STOPPED);

            realm.close();
            assertThat(host.freeGranules()).isEqualTo(free);
        }
        assertThat(realms.console).isEmpty();
    }

    /// Returns once the stop is under way; it ends after the exit that this is called in.
    private static void stop(Thread stopper) {
        stopper.start();
        while (stopper.getState() != Thread.State.WAITING) {
            Thread.onSpinWait();
        }
    }

    @ParameterizedTest
    @MethodSource("dev.realmesh.testkit.Seeds#some")
    void endsInAnOrderlyWayWhateverTheHostGives(long seed) {
        RandomGenerator random = Seeds.random(seed);
        PlannedRealm planned = FirmwareFixture.plan(HashAlgorithm.SHA_256, ShellGuest.initrd("exit 0"));
        List<Integer> keys = FirmwareFixture.config(planned).items().keySet().stream()
                .sorted()
                .toList();
        int key = keys.get(random.nextInt(keys.size()));
        byte[] content = FirmwareFixture.config(planned).items().get(key).toByteArray();
        for (int changes = random.nextInt(1, 4); changes > 0; changes--) {
            content[random.nextInt(content.length)] = (byte) random.nextInt();
        }

        realms.run(planned, FirmwareFixture.lying(planned, key, content));

        assertThat(realms.console).last().asString().matches("(guest |the guest ended).*");
    }
}
