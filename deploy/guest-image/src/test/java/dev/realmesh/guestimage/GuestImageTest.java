// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.guestimage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.realmesh.cca.Bytes;
import dev.realmesh.cca.Digest;
import dev.realmesh.cca.RealmPersonalizationValue;
import dev.realmesh.cca.abi.SmcConduit;
import dev.realmesh.cca.corim.Corim;
import dev.realmesh.cca.corim.CorimProfile;
import dev.realmesh.cca.corim.RealmReference;
import dev.realmesh.host.firmware.Platform;
import dev.realmesh.host.launch.BootMethod;
import dev.realmesh.host.launch.BootSource;
import dev.realmesh.host.launch.RealmShape;
import dev.realmesh.host.machine.AddressMap;
import dev.realmesh.host.machine.RealmDevices;
import dev.realmesh.host.machine.RealmDevices.Device;
import dev.realmesh.host.machine.guest.GuestProcess;
import dev.realmesh.host.machine.guest.Isolation;
import dev.realmesh.host.machine.guest.MemoryFolders;
import dev.realmesh.host.machine.guest.Sandbox;
import dev.realmesh.host.vmm.RealmEnd;
import dev.realmesh.host.vmm.RealmHost;
import dev.realmesh.host.vmm.RealmMachine;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The guest image, built with a guest of the tests in the place of realm-node, and what becomes of it in a Realm:
/// launch,
/// enter, RSI, off, teardown, all for real. Needs crun, a static busybox, bubblewrap and user namespaces.
class GuestImageTest {
    private static final RealmPersonalizationValue RPV =
            RealmPersonalizationValue.of(new byte[] {1, 2, 3, 4, 5, 6, 7, 8});

    @TempDir
    private static Path folder;

    private static Path image = Path.of("");

    private final Queue<String> console = new ConcurrentLinkedQueue<>();
    private final CountDownLatch tokenSeen = new CountDownLatch(1);

    @BeforeAll
    static void buildImage() throws Exception {
        image = folder.resolve("image");
        build(guestJars(), image);
    }

    private static void build(Path jars, Path out) {
        BuildGuestImage.build(jars, out, Path.of(System.getProperty("java.home")), TestGuest.class.getName());
    }

    /// The test guest and the classes that it needs, as a built module has them.
    private static Path guestJars() throws IOException, URISyntaxException {
        Path target = Files.createDirectories(folder.resolve("target"));
        jar(target.resolve("guest.jar"), TestGuest.class, "dev/realmesh/guestimage/TestGuest");
        Path lib = Files.createDirectories(target.resolve("lib"));
        jar(lib.resolve("cca.jar"), SmcConduit.class, "dev/realmesh/cca/");
        return target;
    }

    private static void jar(Path jar, Class<?> example, String prefix) throws IOException, URISyntaxException {
        Path classes = Path.of(
                example.getProtectionDomain().getCodeSource().getLocation().toURI());
        if (Files.isRegularFile(classes)) {
            Files.copy(classes, jar);
            return;
        }
        try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar));
                Stream<Path> files = Files.walk(classes)) {
            for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
                String name = classes.relativize(file).toString();
                if (name.startsWith(prefix)) {
                    JarEntry entry = new JarEntry(name);
                    entry.setTime(0);
                    out.putNextEntry(entry);
                    Files.copy(file, out);
                }
            }
        }
    }

    @Test
    void isTheSameBytesFromTheSameInputs() throws IOException {
        Path again = folder.resolve("again");

        build(folder.resolve("target"), again);

        for (String name :
                List.of("kernel", "initrd", "firmware", "realm.corim", "kvmtool/realm.corim", "manifest.json")) {
            assertThat(Files.mismatch(image.resolve(name), again.resolve(name)))
                    .as(name)
                    .isEqualTo(-1);
        }
    }

    @Test
    void comesWithItsReferenceValues() throws IOException {
        List<Digest> rims = RealmShape.USUAL.stream()
                .map(shape -> ReferenceValues.of(usual(image), shape).rim())
                .toList();

        Corim corim = Corim.decode(Bytes.copyOf(Files.readAllBytes(image.resolve("realm.corim"))));
        JsonNode manifest = JsonMapper.shared().readTree(Files.readAllBytes(image.resolve("manifest.json")));

        assertThat(corim.profile()).isEqualTo(CorimProfile.REALM);
        assertThat(rims).doesNotHaveDuplicates();
        assertThat(corim.triples())
                .isEqualTo(rims.stream()
                        .map(rim -> RealmReference.ofRim(Bytes.copyOf(rim.toByteArray())))
                        .toList());
        assertThat(manifest.at("/realms/qemu/rim").stringValue())
                .isEqualTo(rims.getFirst().hex());
        assertThat(manifest.at("/realms/qemu/larger/0"))
                .isEqualTo(JsonMapper.shared()
                        .createObjectNode()
                        .put("memoryMib", 512)
                        .put("vcpus", 2)
                        .put("rim", rims.get(1).hex()));
        assertThat(manifest.at("/files/initrd/size").longValue()).isEqualTo(Files.size(image.resolve("initrd")));
    }

    @Test
    void comesWithReferenceValuesOfEachWayToBoot() throws IOException {
        JsonNode realms = JsonMapper.shared()
                .readTree(Files.readAllBytes(image.resolve("manifest.json")))
                .get("realms");

        assertThat(realms.propertyNames()).containsExactly("qemu", "qemu-firmware", "kvmtool", "cloud-hv");
        for (BootMethod method : BootMethod.ALL) {
            BootSource source = new BootSource(image, method);
            RealmReference reference = (RealmReference) Corim.decode(Bytes.copyOf(
                            Files.readAllBytes(source.endorsements().resolve("realm.corim"))))
                    .triples()
                    .getFirst();
            JsonNode realm = realms.get(method.name());
            assertThat(reference.rim().hex()).isEqualTo(realm.get("rim").stringValue());
            assertThat(reference.rems().values())
                    .extracting(Bytes::hex)
                    .isEqualTo(realm.has("rem0") ? List.of(realm.get("rem0").stringValue()) : List.of());
            assertThat(realm.has("rem0")).isEqualTo(method.first() == BootMethod.First.FIRMWARE);
        }
    }

    private static BootSource usual(Path folder) {
        return new BootSource(folder, BootMethod.DEFAULT);
    }

    @Test
    void listsWhatIsInItsInitrd() throws IOException {
        JsonNode contents = JsonMapper.shared()
                .readTree(Files.readAllBytes(image.resolve("manifest.json")))
                .get("initrd");
        Path jar = folder.resolve("target/guest.jar");

        assertThat(contents.propertyNames())
                .contains("usr/bin/crun", "usr/bin/catatonit", "bin/busybox", "opt/realm-node/classes.jsa");
        assertThat(contents.get("opt/realm-node/guest.jar").get("size").longValue())
                .isEqualTo(Files.size(jar));
        assertThat(contents.get("opt/realm-node/guest.jar").get("sha256").stringValue())
                .isEqualTo(HexFormat.of().formatHex(sha256(Files.readAllBytes(jar))));
    }

    @Test
    void startsFromItsClassArchive() throws Exception {
        run(image, "off");

        assertThat(console).contains("sharing");
    }

    private static byte[] sha256(byte[] bytes) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(bytes);
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void runsInARealmThatHasTheRimOfTheBuild() throws Exception {
        assertThat(run(image, "off")).isEqualTo(RealmEnd.SYSTEM_OFF);

        String rim = HexFormat.of()
                .formatHex(ReferenceValues.of(usual(image), RealmShape.DEFAULT)
                        .rim()
                        .padded(64));
        assertThat(console)
                .contains("version 10000", "rpv " + RPV, "rim " + rim, "secret kept")
                .anyMatch(line -> line.matches("token [1-9][0-9]{3}"));
    }

    @Test
    void givesAnotherRimOrDoesNotStartWhenAByteIsFlipped() throws Exception {
        Path flipped = Files.createDirectories(folder.resolve("flipped"));
        for (String name : List.of("kernel", "initrd")) {
            Files.copy(image.resolve(name), flipped.resolve(name));
        }
        flipByte(flipped.resolve("initrd"), Files.size(flipped.resolve("initrd")) / 2);
        Digest endorsed = ReferenceValues.of(usual(image), RealmShape.DEFAULT).rim();

        run(flipped, "off");

        assertThat(ReferenceValues.of(usual(flipped), RealmShape.DEFAULT).rim()).isNotEqualTo(endorsed);
        assertThat(console).noneMatch(line -> line.contains(endorsed.hex()));
    }

    private static void flipByte(Path file, long offset) throws IOException {
        try (RandomAccessFile bytes = new RandomAccessFile(file.toFile(), "rw")) {
            bytes.seek(offset);
            int value = bytes.read();
            bytes.seek(offset);
            bytes.write(value ^ 1);
        }
    }

    @Test
    void endsItsRealmWhenItDies() throws Exception {
        assertThat(run(image, "die")).isEqualTo(RealmEnd.DIED);
        assertThat(console).last().asString().contains("exit code 7");
    }

    @ParameterizedTest
    @ValueSource(strings = {"noise", "no such request", "half a request"})
    void endsARealmThatBreaksItsConduit(String wish) throws Exception {
        assertThat(run(image, wish)).isEqualTo(RealmEnd.DIED);
        assertThat(console).doesNotContain("answered");
    }

    @Test
    void answersAFloodOfUnknownFunctions() throws Exception {
        assertThat(run(image, "unknown functions")).isEqualTo(RealmEnd.SYSTEM_OFF);
        assertThat(console).contains("flooded");
    }

    @Test
    void leavesNothingWhenItIsKilledHalfWay() throws Exception {
        assertThat(run(image, "hang")).isEqualTo(RealmEnd.STOPPED);
        assertThat(ProcessHandle.current().descendants()).isEmpty();
    }

    @Test
    void saysWhatIsMissing() throws IOException {
        Path empty = Files.createDirectories(folder.resolve("empty"));

        assertThatThrownBy(() -> build(empty, folder.resolve("none")))
                .isInstanceOf(BuildException.class)
                .hasMessage(empty + ": no jar there (run ./mvnw package first)");
        assertThatThrownBy(() -> BuildGuestImage.build(
                        folder.resolve("target"), folder.resolve("none"), Path.of(System.getProperty("java.home"))))
                .isInstanceOf(BuildException.class)
                .hasMessageContaining("no class dev.realmesh.realm.RealmNodeMain");
        assertThatThrownBy(() -> HostTools.find("no-such-program", "no-such-package"))
                .isInstanceOf(BuildException.class)
                .hasMessageContaining("apt-get install --no-install-recommends no-such-package");
    }

    /// Launches the image with `wish` as its initdata; one that hangs is stopped once it has its token.
    private RealmEnd run(Path image, String wish) throws Exception {
        Path initdata = Files.writeString(folder.resolve("initdata-" + wish.replace(' ', '-')), wish);
        Device.Console lines = new Device.Console(line -> {
            console.add(line);
            if (line.startsWith("token")) {
                tokenSeen.countDown();
            }
        });
        RealmDevices devices = new RealmDevices(List.of(lines, new Device.InitdataDisk(initdata)));
        try (MemoryFolders folders = MemoryFolders.open(Path.of("/dev/shm"));
                Platform platform = Platform.boot(
                        AddressMap.qemuVirt(1L << 30),
                        GuestProcess.factory(Sandbox.open(Isolation.BWRAP), folders),
                        folder.resolve("state"))) {
            RealmHost host = RealmHost.start(platform.rmi(), platform.memory(), platform.board());
            int free = host.freeGranules();
            RealmEnd end = run(host.build(usual(image).plan(RealmShape.DEFAULT), RPV, devices), wish);
            assertThat(host.freeGranules()).isEqualTo(free);
            return end;
        }
    }

    private RealmEnd run(RealmMachine realm, String wish) throws InterruptedException {
        if (!wish.equals("hang")) {
            try (realm) {
                return realm.run();
            }
        }
        CompletableFuture<RealmEnd> end =
                CompletableFuture.supplyAsync(realm::run, task -> Thread.startVirtualThread(task));
        tokenSeen.await();
        realm.close();
        return end.join();
    }
}
