// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.realm.container;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// The real crun, in a user namespace of one id with a tmpfs over /sys/fs/cgroup: what a Realm's sandbox looks like to
/// it. The namespace is there as long as this process, which a shell in it waits for.
/// Tests are skipped where the machine has no crun or lets nobody make such a namespace.
public final class CrunInUserNamespace {
    private static final Path BUSYBOX = Path.of("/bin/busybox");
    private static final String HOLDER = "mount -t tmpfs tmpfs /sys/fs/cgroup && echo ready && exec cat";
    private static final String SCRIPT = """
            #!/bin/sh
            exec nsenter --target %d --user --mount --preserve-credentials crun "$@"
            """;

    private static @Nullable Process holder;
    private static boolean holding;

    private final Path folder;

    private CrunInUserNamespace(Path folder) {
        this.folder = folder;
    }

    public static CrunInUserNamespace in(Path folder) throws IOException, InterruptedException {
        Path script = script(folder, holder());
        Process probe = new ProcessBuilder(script.toString(), "--version")
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        assumeTrue(probe.waitFor(10, TimeUnit.SECONDS) && probe.exitValue() == 0, "crun in a user namespace");
        assumeTrue(Files.isExecutable(BUSYBOX), "busybox");
        return new CrunInUserNamespace(folder);
    }

    /// Runs as crun does.
    public Path program() {
        return folder.resolve("crun");
    }

    Crun withGrace(Duration grace) {
        return new Crun(program(), folder.resolve("state"), grace);
    }

    /// A bundle of busybox that runs a shell command.
    Bundle busybox(String name, String shellCommand) throws IOException {
        Path bundle = Files.createDirectories(folder.resolve(name));
        unpackBusybox(Bundle.root(bundle));
        ContainerUser root = new ContainerUser(0, 0, List.of(), "/root", true, true);
        ProcessSpec process = new ProcessSpec(
                List.of("/bin/sh", "-c", shellCommand),
                List.of("PATH=/bin"),
                "/made/for/it",
                root,
                Confinement.DEFAULT);
        return Bundle.create(
                bundle,
                new BundleConfig(BundleConfig.Network.OF_ITS_OWN, new Init(Path.of("/usr/bin/catatonit")))
                        .write(process, name, List.of(), ContainerOptions.NONE));
    }

    /// Makes a root file system of busybox alone.
    public static void unpackBusybox(Path root) throws IOException {
        Path bin = Files.createDirectories(root.resolve("bin"));
        Files.copy(BUSYBOX, bin.resolve("busybox"));
        for (String applet :
                List.of("sh", "cat", "echo", "sleep", "id", "pwd", "mount", "hostname", "yes", "grep", "unshare")) {
            Files.createSymbolicLink(bin.resolve(applet), Path.of("busybox"));
        }
        assumeTrue(Files.exists(bin.resolve("sh"), LinkOption.NOFOLLOW_LINKS));
    }

    private static synchronized long holder() throws IOException {
        if (holder == null) {
            holder = new ProcessBuilder("unshare", "--user", "--map-root-user", "--mount", "sh", "-c", HOLDER)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            holding = holder.getInputStream().read() == 'r';
        }
        assumeTrue(holding, "user namespaces with mounts");
        return holder.pid();
    }

    private static Path script(Path folder, long holder) throws IOException {
        Path script = folder.resolve("crun");
        Files.writeString(script, SCRIPT.formatted(holder));
        return Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwxr-xr-x"));
    }
}
