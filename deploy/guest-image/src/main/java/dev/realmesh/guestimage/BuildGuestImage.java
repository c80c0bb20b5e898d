// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.guestimage;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/// `BuildGuestImage REALM_NODE_TARGET OUT`: builds the guest image of the realm-node in `REALM_NODE_TARGET` (its
/// jar, and its dependencies in `lib`) into `OUT`, which then has `kernel`, `initrd`, `manifest.json` and `rim.corim`.
public final class BuildGuestImage {
    private final Path realmNode;
    private final Path out;
    private final Path javaHome;

    private BuildGuestImage(Path realmNode, Path out, Path javaHome) {
        this.realmNode = realmNode;
        this.out = out;
        this.javaHome = javaHome;
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
        new BuildGuestImage(realmNode, out, javaHome).build();
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
        Path runtime = JavaRuntime.link(javaHome, scratch.resolve("java"));
        RootTree root = UserSpace.assemble(runtime, jars, scratch);
        Files.write(out.resolve("kernel"), UserSpace.kernel(jars).bytes());
        InitrdWriter.write(root, out.resolve("initrd"));
        ImageManifest.write(out, List.of("kernel", "initrd"));
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
