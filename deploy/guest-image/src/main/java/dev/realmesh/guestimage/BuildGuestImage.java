// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.guestimage;

import dev.realmesh.host.launch.BootMethod;
import dev.realmesh.host.launch.BootSource;
import dev.realmesh.host.launch.RealmShape;
import dev.realmesh.host.machine.guest.GuestKernel;
import dev.realmesh.host.machine.guest.firmware.GuestFirmware;
import dev.realmesh.host.vmm.GuestImage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/// `BuildGuestImage REALM_NODE_TARGET OUT`: builds the guest image of the realm-node in `REALM_NODE_TARGET` (its
/// jar, and its dependencies in `lib`) into `OUT`, which then has `kernel`, `initrd`, `firmware`, `manifest.json`, and
/// `realm.corim`, reference values of Realms of the usual shapes. Each other way to boot has a folder of its name, with
/// those of the default shape.
public final class BuildGuestImage {
    /// Name of the reference values in the image's folder.
    public static final String CORIM = "realm.corim";

    private final Path realmNode;
    private final Path out;
    private final Path javaHome;
    private final String mainClass;

    private BuildGuestImage(Path realmNode, Path out, Path javaHome, String mainClass) {
        this.realmNode = realmNode;
        this.out = out;
        this.javaHome = javaHome;
        this.mainClass = mainClass;
    }

    /// Entry point: exit code 0 done, 1 failed, 2 wrong use.
    public static void main(String[] args) {
        if (args.length != 2) {
            System.err.println("usage: BuildGuestImage REALM_NODE_TARGET OUT");
            System.exit(2);
        }
        try {
            build(Path.of(args[0]), Path.of(args[1]), Path.of(System.getProperty("java.home")));
        } catch (BuildException | UncheckedIOException e) {
            System.err.println("guest image: " + e.getMessage());
            System.exit(1);
        }
    }

    /// Builds the image of the realm-node whose build folder is `realmNode` into `out`, with the JDK at `javaHome`.
    ///
    /// @throws BuildException if something that it needs is missing
    public static void build(Path realmNode, Path out, Path javaHome) {
        build(realmNode, out, javaHome, UserSpace.REALM_NODE_MAIN);
    }

    static void build(Path realmNode, Path out, Path javaHome, String mainClass) {
        new BuildGuestImage(realmNode, out, javaHome, mainClass).build();
    }

    private void build() {
        try {
            Files.createDirectories(out);
            Path scratch = Files.createTempDirectory("guest-image");
            try {
                buildWith(scratch);
            } finally {
                delete(scratch);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(out + ": cannot be written", e);
        }
    }

    private void buildWith(Path scratch) throws IOException {
        List<Path> jars = HostTools.jars(realmNode);
        GuestKernel kernel = UserSpace.kernel(jars, mainClass);
        Path runtime = JavaRuntime.link(javaHome, scratch.resolve("java"));
        RootTree root = UserSpace.assemble(runtime, jars, scratch);
        Files.write(out.resolve(GuestImage.KERNEL), kernel.bytes());
        InitrdWriter.write(root, out.resolve(GuestImage.INITRD));
        Files.write(out.resolve(GuestImage.FIRMWARE), GuestFirmware.ofQemu().bytes());
        List<ReferenceValues> references = writeReferenceValues();
        ImageManifest.write(
                out, List.of(GuestImage.KERNEL, GuestImage.INITRD, GuestImage.FIRMWARE, CORIM), root, references);
    }

    /// Each shape is measured from the first page to the last, so there are more of one method only.
    private List<ReferenceValues> writeReferenceValues() throws IOException {
        List<ReferenceValues> all = new ArrayList<>();
        for (BootMethod method : BootMethod.ALL) {
            BootSource source = new BootSource(out, method);
            List<RealmShape> shapes =
                    method.equals(BootMethod.DEFAULT) ? RealmShape.USUAL : List.of(RealmShape.DEFAULT);
            List<ReferenceValues> references = shapes.stream()
                    .map(shape -> ReferenceValues.of(source, shape))
                    .toList();
            Files.createDirectories(source.endorsements());
            Files.write(
                    source.endorsements().resolve(CORIM),
                    ReferenceValues.corim(references).toByteArray());
            all.addAll(references);
        }
        return all;
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
