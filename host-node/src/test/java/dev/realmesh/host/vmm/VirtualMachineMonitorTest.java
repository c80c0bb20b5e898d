// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.host.vmm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.realmesh.cca.Bytes;
import dev.realmesh.cca.Digest;
import dev.realmesh.cca.abi.HashAlgorithm;
import dev.realmesh.cca.abi.RealmFeatures;
import dev.realmesh.host.vmm.arguments.HostCapabilities;
import dev.realmesh.host.vmm.devicetree.DeviceTree;
import dev.realmesh.host.vmm.plan.Blob;
import dev.realmesh.host.vmm.plan.BootImages;
import dev.realmesh.host.vmm.plan.BootImages.Role;
import dev.realmesh.host.vmm.plan.KernelImage;
import dev.realmesh.host.vmm.plan.OfflineMeasurement;
import dev.realmesh.host.vmm.plan.PlanException;
import dev.realmesh.host.vmm.plan.PlannedRealm;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Command lines of the three monitors: what they mean beyond the recorded Realms, and what is refused in one line.
class VirtualMachineMonitorTest {
    private static final HostCapabilities HOST =
            HostCapabilities.named("qemu-max-8.2").atMost(HostCapabilities.named("kvm"));
    private static final BootImages IMAGES = BootImages.NONE
            .with(Role.KERNEL, kernel(8192))
            .with(Role.INITRD, Blob.of(new byte[3 << 20]))
            .with(Role.FIRMWARE, Blob.of(new byte[5000]));

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            kvmtool  | -m 1G                         | --cpus (expected: to be given)
            kvmtool  | -c 1                          | --mem (expected: to be given)
            kvmtool  | -c x -m 1G                    | --cpus: x (expected: a number)
            kvmtool  | -c 0 -m 1G                    | machine: 0 vCPUs (expected: 1 to 512)
            kvmtool  | -c 1 -m 3                     | machine: memory of 3145728 bytes (expected: whole 2 MiB, at most 1 PiB)
            kvmtool  | -c 1 -m 1G@2G                 | --mem: 1G@2G (expected: RAM where it always is)
            kvmtool  | -c 1 -m 1G --irqchip gicv2    | --irqchip: gicv2 (expected: gicv3 or gicv3-its)
            kvmtool  | -c 1 -m 1G --flash f          | --flash (expected: --firmware; no Realm boots from flash)
            kvmtool  | -c 1 -m 1G -k k -f f          | an RMM refuses this Realm: firmware at 0x80000000: a page of it is one of the kernel (expected: pages of its own)
            kvmtool  | -c 1 -m 4M -i i               | initrd: 3145728 bytes (expected: less than the 2097152 that it may have)
            kvmtool  | -c 1 -m 1G --measurement-algo sha384 | measurement algorithm sha384 (expected: sha256 or sha512)
            kvmtool  | -c 1 -m 1G -n trans=mmio      | --network: trans=mmio (expected: pci, as --virtio-transport)
            kvmtool  | -c 1 -m 1G -n user            | --network: user (expected: name=value)
            qemu     | -M virt,gic-version=2         | gic-version: 2 (expected: 3, host or max)
            qemu     | -M virt,highmem=off           | -machine: highmem (expected: what Realms can be measured with)
            qemu     | -M sbsa-ref                   | -machine: sbsa-ref (expected: name=value)
            qemu     | -cpu max                      | -cpu: max (expected: host)
            qemu     | -cpu host,pmu=maybe           | -cpu: maybe (expected: on, off or auto)
            qemu     | -m 1G,size                    | -m: size (expected: a number)
            qemu     | -m                            | -m has no value (expected: one)
            qemu     | -object rme-guest,color=blue  | -object rme-guest: color (expected: what Realms can be measured with)
            qemu     | -object rme-guest,personalization-value=_ | personalization-value: 1 characters (expected: base64 of at most 64 bytes)
            qemu     | -m 1G,maxmem=512T             | an RMM refuses this Realm: 51 IPA bits (expected: 32 to 48)
            qemu     | -m 2M -kernel k -initrd i     | initrd: ends at 0x40400000 (expected: at most 0x40200000, the end of the memory that it may have)
            cloud-hv | --firmware f                  | --firmware (expected: --kernel; Cloud Hypervisor boots Realms directly)
            cloud-hv | --memory 1G                   | --memory: 1G (expected: name=value)
            cloud-hv | --cpus boot=256               | machine: 256 vCPUs (expected: 1 to 255)
            cloud-hv | --memory size=6M --initramfs i | initrd: 3145728 bytes (expected: less than the 2097152 that it may have)
            """)
    void refusesInOneLine(String monitor, String line, String message) {
        assertThatThrownBy(() -> plan(monitor, line))
                .isInstanceOf(PlanException.class)
                .hasMessage(message);
    }

    @ParameterizedTest
    @CsvSource({"kvmtool, -c 1 -m 1G -k k, kernel", "qemu, -initrd i, initrd", "qemu, -bios f, firmware"})
    void saysWhichImageIsMissing(String monitor, String line, String image) {
        assertThatThrownBy(() ->
                        VirtualMachineMonitor.named(monitor).plan(List.of(line.split(" ")), HOST, BootImages.NONE))
                .isInstanceOf(PlanException.BadImage.class)
                .hasMessage("no " + image + " (expected: one, as the command line loads it)");
    }

    @Test
    void refusesAMonitorThatItDoesNotKnow() {
        assertThatThrownBy(() -> VirtualMachineMonitor.named("crosvm"))
                .isInstanceOf(PlanException.BadArguments.class)
                .hasMessage("crosvm (expected: one of kvmtool, qemu, cloud-hv)");
    }

    @Test
    void takesADeviceTreeAsItIs() {
        Blob tree = plan("qemu", "-smp 4").deviceTree();

        for (String line : List.of("kvmtool -c 1 -m 1G", "qemu -smp 1", "cloud-hv --kernel k")) {
            String[] words = line.split(" ", 2);
            PlannedRealm realm = VirtualMachineMonitor.named(words[0])
                    .plan(List.of(words[1].split(" ")), HOST, IMAGES.with(Role.DEVICE_TREE, tree));
            assertThat(realm.deviceTree().toByteArray()).isEqualTo(tree.toByteArray());
        }
    }

    @Test
    void refusesADeviceTreeThatIsBroken() {
        BootImages images = IMAGES.with(Role.DEVICE_TREE, Blob.of(new byte[100]));

        assertThatThrownBy(() -> VirtualMachineMonitor.QEMU.plan(List.of(), HOST, images))
                .isInstanceOf(PlanException.BadDeviceTree.class);
    }

    @Test
    void bindsThePersonalizationValue() {
        assertThat(rpv("kvmtool", "-c 1 -m 1G --realm-pv tenant-7"))
                .isEqualTo(Bytes.copyOf("tenant-7".getBytes(StandardCharsets.US_ASCII))
                        .padTo(64));
        assertThat(rpv("qemu", "-object rme-guest,personalization-value=Crw="))
                .isEqualTo(Bytes.ofHex("0abc").padTo(64));
        assertThat(rpv("cloud-hv", "--platform personalization_value=AQ=="))
                .isEqualTo(Bytes.ofHex("01").padTo(64));
    }

    private static Bytes rpv(String monitor, String line) {
        return Bytes.copyOf(plan(monitor, line).personalizationValue().toByteArray());
    }

    @ParameterizedTest
    @CsvSource({
        "host, 15, true",
        "'host,sve=off', 0, false",
        "'host,sve512=off', 1, true",
        "'host,sve256=on', 15, true",
        "'host,sve=on', 15, true"
    })
    void readsVectorLengthsAsQemuDoes(String cpu, int sveVl, boolean sve) {
        RealmFeatures features = plan("qemu", "-cpu " + cpu).plan().features();

        assertThat(features.sveVl()).isEqualTo(sveVl);
        assertThat(features.has(RealmFeatures.FLAG_SVE)).isEqualTo(sve);
    }

    @Test
    void countsAsManyMmioDevicesAsKvmtoolMakes() {
        String line = "-c 1 -m 1G --virtio-transport mmio --balloon --9p a --9p b --console virtio -d x -n mode=user";

        DeviceTree tree = DeviceTree.read(plan("kvmtool", line).deviceTree().toByteArray());

        assertThat(tree.properties().keySet().stream().filter(path -> path.matches("/virtio@.*/reg")))
                .hasSize(7);
    }

    @Test
    void namesProcessorsInDecimalAndGivesManyOfThemASecondRegion() {
        DeviceTree tree = DeviceTree.read(plan("qemu", "-smp 124").deviceTree().toByteArray());

        assertThat(tree.properties())
                .containsKey("/cpus/cpu@123/reg")
                .containsEntry("/intc@8000000/#redistributor-regions", Bytes.ofHex("00000002"));
    }

    @Test
    void warnsOfWordsThatItPassesOver() {
        assertThat(plan("qemu", "-smp 2,dies=1 -device ramfb -unknown -object rng-random,id=r -M virt,iommu=smmuv3")
                        .warnings())
                .containsExactly(
                        "-smp: dies: not known, passed over",
                        "-device ramfb: not known, passed over",
                        "-unknown: not known, passed over",
                        "-object: rng-random: not known, passed over",
                        "-machine: iommu: not known, passed over");
        assertThat(plan("cloud-hv", "--cpus boot=1,max=2 --memory size=1G,shared=on")
                        .warnings())
                .hasSize(2);
    }

    @Test
    void extendsTheRegisterByWhatFirmwareMeasures() throws NoSuchAlgorithmException {
        PlannedRealm realm = plan("qemu", "-object rme-guest,measurement-algorithm=sha256 -bios f -kernel k -initrd i");

        List<Digest> registers = OfflineMeasurement.registers(realm.plan(), realm.extensions());

        MessageDigest sha = MessageDigest.getInstance("SHA-256");
        sha.update(new byte[32]);
        byte[] kernel = sha.digest(
                IMAGES.require(Role.KERNEL).digest(HashAlgorithm.SHA_256).toByteArray());
        sha.update(kernel);
        byte[] initrd = sha.digest(
                IMAGES.require(Role.INITRD).digest(HashAlgorithm.SHA_256).toByteArray());
        assertThat(registers).containsExactly(Digest.copyOf(initrd), Digest.zero(32), Digest.zero(32), Digest.zero(32));
    }

    @Test
    void extendsNothingWithoutFirmware() {
        PlannedRealm realm = plan("qemu", "-kernel k -initrd i");

        assertThat(OfflineMeasurement.registers(realm.plan(), realm.extensions()))
                .containsOnly(Digest.zero(64));
    }

    private static PlannedRealm plan(String monitor, String line) {
        return VirtualMachineMonitor.named(monitor).plan(List.of(line.split(" ")), HOST, IMAGES);
    }

    private static Blob kernel(int imageSize) {
        return Blob.of(ByteBuffer.allocate(8192)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(16, imageSize)
                .putInt(56, KernelImage.MAGIC)
                .array());
    }
}
