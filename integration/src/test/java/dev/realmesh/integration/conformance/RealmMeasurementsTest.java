// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.integration.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.realmesh.cli.mesh.Home;
import dev.realmesh.host.launch.BootMethod;
import dev.realmesh.host.launch.RealmShape;
import dev.realmesh.testkit.Seeds;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/// `realmesh measure` against upstream's `realm-measurements` (veraison/cca-realm-measurements), if that is on the
/// PATH:
/// the same words, the same files; the same RIM and the same device tree. REMs are not compared: upstream extends them
/// by another formula than an RMM does.
class RealmMeasurementsTest {
    private static final String PROGRAM = "realm-measurements";
    private static final Map<String, String> HOSTS = Map.of(
            "qemu.conf",
                    "ipa_bits = 52\nnum_bps = 6\nnum_wps = 4\npmu_num_ctrs = 6\nsve_vl = 2048\npmu = true\nlpa2 = true\n",
            "kvm.conf", "# KVM has no LPA2\nlpa2 = false\n");

    @TempDir
    private Path folder;

    @BeforeEach
    void writeInputs() throws IOException {
        assumeThat(program()).as(PROGRAM + " is not on the PATH").isPresent();
        RandomGenerator random = Seeds.random(7);
        for (Map.Entry<String, String> host : HOSTS.entrySet()) {
            Files.writeString(folder.resolve(host.getKey()), host.getValue());
        }
        Files.write(folder.resolve("kernel"), kernel(random, 70_001));
        Files.write(folder.resolve("initrd"), bytes(random, 300_001));
        Files.write(folder.resolve("firmware"), bytes(random, 100_000));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "kvmtool --realm -c 2 -m 256 -k Image -i initrd -p console=hvc0 --pmu --sve-max-vl=512",
                "kvmtool -c 12 -m 1G -k Image --irqchip=gicv3 --disable-sve --measurement-algo sha512",
                "kvmtool -c 3 -m 1G -k Image -i i --virtio-transport mmio -d x --rng -n mode=user --measurement-log",
                "kvmtool -c 1 -m 64 -f EFI --console virtio --realm-pv tenant",
                "kvmtool -c 1 -m 512M --firmware EFI --firmware-address 2149580800",
                "qemu -cpu host -M virt,gic-version=3,acpi=off -smp 2 -m 1G -kernel k -initrd i -append console=hvc0",
                "qemu -cpu host,sve=off,pmu=off -smp 124 -m 2G,maxmem=300G -kernel k -M its=off",
                "qemu -object rme-guest,id=r,measurement-algorithm=sha256,measurement-log=on -smp 8,sockets=2 -kernel k",
                "qemu -bios f -kernel k -initrd i -append quiet -cpu host,sve512=off,num-breakpoints=4",
                "qemu -bios f -m size=3G -device virtio-blk-pci,drive=d -enable-kvm",
                "qemu",
                "cloud-hv --platform arm_rme=on --cpus boot=2 --memory size=1G --kernel k --initramfs i --serial off",
                "cloud-hv --platform measurement_algo=sha256 --cpus boot=12 --kernel k --cmdline quiet"
            })
    void measuresTheSame(String line) throws IOException, InterruptedException {
        List<String> options = List.of(
                "-c",
                "qemu.conf",
                "-c",
                "kvm.conf",
                "--num-wps",
                "3",
                "-k",
                "kernel",
                "-i",
                "initrd",
                "-f",
                "firmware");

        assertThat(rim(ours(), options, line, "our.dtb")).isEqualTo(rim(theirs(), options, line, "their.dtb"));
        assertThat(folder.resolve("our.dtb")).hasSameBinaryContentAs(folder.resolve("their.dtb"));
    }

    static Stream<BootMethod> methods() {
        return BootMethod.ALL.stream();
    }

    /// The command lines by which host-node builds Realms; see deploy/guest-image/README.md.
    @ParameterizedTest(name = "{0}")
    @MethodSource("methods")
    void measuresTheGuestImageAsItsBuildDid(BootMethod method) throws IOException, InterruptedException {
        Path image = new Home(Path.of(System.getProperty("realmesh.root"))).guestImage();
        List<String> options = new ArrayList<>(List.of("-c", "qemu.conf", "-c", "kvm.conf"));
        options.addAll(List.of("-k", image.resolve("kernel").toString()));
        options.addAll(List.of("-i", image.resolve("initrd").toString()));
        options.addAll(List.of("-f", image.resolve("firmware").toString()));
        String line = method.monitor().commandName() + " " + String.join(" ", method.commandLine(RealmShape.DEFAULT));

        String rim = rim(theirs(), options, line, "their.dtb");

        assertThat(Files.readString(image.resolve("manifest.json"))).contains("\"" + rim + "\"");
        assertThat(rim(ours(), options, line, "our.dtb")).isEqualTo(rim);
    }

    private String rim(List<String> program, List<String> options, String line, String deviceTree)
            throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(program);
        command.addAll(options);
        command.addAll(List.of("--output-dtb", deviceTree));
        command.addAll(List.of(line.split(" ")));
        Path output = folder.resolve("output");
        Process process = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        int exitCode = process.waitFor();
        List<String> lines = Files.readAllLines(output);
        assertThat(exitCode).as("%s: %s", command, lines).isZero();
        return lines.stream()
                .filter(each -> each.startsWith("RIM: "))
                .findFirst()
                .orElseThrow()
                .substring("RIM: ".length());
    }

    private static List<String> theirs() {
        return List.of(program().orElseThrow().toString());
    }

    private static List<String> ours() {
        return List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                "dev.realmesh.cli.Main",
                "measure");
    }

    private static Optional<Path> program() {
        return Arrays.stream(System.getenv("PATH").split(":"))
                .map(each -> Path.of(each, PROGRAM))
                .filter(Files::isExecutable)
                .findFirst();
    }

    private static byte[] kernel(RandomGenerator random, int size) {
        byte[] kernel = bytes(random, size);
        ByteBuffer.wrap(kernel)
                .order(ByteOrder.LITTLE_ENDIAN)
                .put(new byte[64])
                .putLong(16, 1 << 20)
                .putInt(56, 0x644d5241);
        return kernel;
    }

    private static byte[] bytes(RandomGenerator random, int size) {
        byte[] bytes = new byte[size];
        random.nextBytes(bytes);
        return bytes;
    }
}
