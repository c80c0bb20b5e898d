// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.host.machine.guest;

import dev.realmesh.host.machine.RealmDevices;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The wall around a guest process. Behind it there are the guest's own root, `/proc`, `/dev` with nothing but null,
/// random and terminals, empty memory file systems, and the devices that the Realm was given; not the host's files,
/// processes, network or identity. It is root of a user namespace of its own, so that its container runtime works.
///
/// It can write to its [MemoryFileSystem]s and nowhere else. That holds its containers, which may mount nothing; the
/// guest itself could mount more, and is held by its control group then, where there is one.
public final class Sandbox {
    /// Where the guest finds its conduit.
    static final String CONDUIT = "/run/realm/smc.sock";
    /// Where the guest finds its guarded link.
    static final String LINK = "/run/realm/link.sock";
    /// Where the guest finds its initdata disk.
    static final String INITDATA = "/dev/initdata";

    private static final String CONTROL_GROUPS = "/sys/fs/cgroup";
    private static final String HOST_NAME = "realm";
    private static final Logger LOG = LoggerFactory.getLogger(Sandbox.class);
    private static final String UNSHARE_SCRIPT = script();
    private static final List<String> NAMESPACES =
            List.of("--unshare-user", "--uid", "0", "--gid", "0", "--unshare-pid", "--unshare-ipc", "--unshare-uts");

    private final Isolation isolation;
    private final RealmCgroups cgroups;

    /// What runs behind the wall.
    ///
    /// @param boot a guest that has booted into `root`
    /// @param root the guest's root folder
    /// @param conduit Unix socket of the SMC conduit
    /// @param devices the Realm's devices
    record Content(GuestBoot boot, Path root, Path conduit, RealmDevices devices) {
        List<String> command() {
            return boot.kernel().command();
        }

        /// The kernel's, and what the processor adds.
        Map<String, String> environment() {
            Map<String, String> all = new TreeMap<>(boot.kernel().environment());
            all.put("REALM_SCRATCH_IPA", "0x" + Long.toHexString(boot.scratchIpa()));
            all.put("REALM_CPUS", Integer.toString(boot.cpus()));
            return all;
        }

        List<MemoryFileSystem> fileSystems() {
            return MemoryFileSystem.of(boot.memoryBytes());
        }

        /// What the guest finds outside its root, by its path there.
        List<Attachment> attachments() {
            List<Attachment> all = new ArrayList<>(List.of(new Attachment(conduit, CONDUIT, true)));
            devices.link().ifPresent(link -> all.add(new Attachment(link.socket(), LINK, true)));
            devices.initdataDisk().ifPresent(disk -> all.add(new Attachment(disk.file(), INITDATA, false)));
            return all;
        }
    }

    /// A file or socket of the host that a guest sees.
    record Attachment(Path source, String path, boolean writable) {}

    private Sandbox(Isolation isolation) {
        this.isolation = isolation;
        this.cgroups = RealmCgroups.open();
    }

    /// The control group of a guest, which no other guest has.
    RealmCgroups.Group group(GuestBoot boot, Path folder) {
        int last = folder.getNameCount() - 1;
        String name = folder.getName(last - 1) + "-" + folder.getName(last);
        return cgroups.create(name, boot.memoryBytes(), boot.cpus());
    }

    /// The sandbox of this kind, tried once.
    ///
    /// @throws GuestException.NoSandbox if this machine does not allow it
    public static Sandbox open(Isolation isolation) {
        switch (isolation) {
            case BWRAP ->
                requireWorks(
                        "bwrap",
                        bwrapNamespaces(
                                List.of("--ro-bind", "/", "/", "--size", "4096", "--tmpfs", "/tmp", "/bin/true")),
                        "install bubblewrap 0.7 or newer, and allow user namespaces");
            case UNSHARE -> requireWorks("unshare", unshareNamespaces(List.of("/bin/true")), "allow user namespaces");
            case PROCESS ->
                LOG.warn(
                        "Realms are NOT isolated from this machine: isolation is 'process'. Run only your own guests.");
        }
        return new Sandbox(isolation);
    }

    private static void requireWorks(String program, List<String> words, String remedy) {
        try {
            Process trial = new ProcessBuilder(words).redirectErrorStream(true).start();
            String output = new String(trial.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (trial.waitFor() != 0) {
                throw new GuestException.NoSandbox("%s does not work here: %s (%s, or choose another isolation)"
                        .formatted(program, output.strip().replace('\n', ' '), remedy));
            }
        } catch (IOException e) {
            throw new GuestException.NoSandbox(
                    "%s is not on this machine (%s, or choose another isolation)".formatted(program, remedy));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new GuestException.NoSandbox(program + ": interrupted while it was tried");
        }
    }

    /// The command that runs `content`; it ends when the thread that starts it ends, and everything in it then.
    ProcessBuilder command(Content content) {
        return switch (isolation) {
            case BWRAP -> bwrap(content);
            case UNSHARE -> unshare(content);
            case PROCESS -> process(content);
        };
    }

    private static List<String> bwrapNamespaces(List<String> rest) {
        List<String> words = new ArrayList<>(List.of("bwrap"));
        words.addAll(NAMESPACES);
        words.addAll(List.of("--unshare-net", "--die-with-parent", "--new-session", "--cap-add", "ALL"));
        words.addAll(rest);
        return words;
    }

    private static ProcessBuilder bwrap(Content content) {
        List<String> rest = new ArrayList<>(List.of("--hostname", HOST_NAME, "--clearenv"));
        content.environment().forEach((name, value) -> rest.addAll(List.of("--setenv", name, value)));
        rest.addAll(List.of("--bind", content.root().toString(), "/", "--proc", "/proc", "--dev", "/dev"));
        for (MemoryFileSystem each : content.fileSystems()) {
            rest.addAll(List.of("--size", Long.toString(each.bytes()), "--tmpfs", each.path()));
        }
        rest.addAll(List.of("--tmpfs", CONTROL_GROUPS));
        for (Attachment each : content.attachments()) {
            rest.addAll(List.of(
                    each.writable() ? "--bind" : "--ro-bind", each.source().toString(), each.path()));
        }
        List.of(CONTROL_GROUPS, "/dev", "/").forEach(folder -> rest.addAll(List.of("--remount-ro", folder)));
        rest.addAll(List.of("--chdir", "/"));
        rest.addAll(content.command());
        ProcessBuilder builder = new ProcessBuilder(bwrapNamespaces(rest));
        builder.environment().keySet().retainAll(List.of("PATH"));
        return builder;
    }

    private static List<String> unshareNamespaces(List<String> rest) {
        List<String> words = new ArrayList<>(List.of("setpriv", "--pdeathsig", "KILL", "unshare"));
        words.addAll(List.of("--user", "--map-root-user", "--mount", "--pid", "--ipc", "--uts", "--net"));
        words.addAll(List.of("--fork", "--kill-child=KILL", "--propagation", "private"));
        words.addAll(rest);
        return words;
    }

    private static ProcessBuilder unshare(Content content) {
        List<String> rest = new ArrayList<>(List.of("/bin/sh", "-c", UNSHARE_SCRIPT, "sandbox"));
        rest.addAll(List.of(content.root().toString(), HOST_NAME));
        content.fileSystems()
                .forEach(each -> rest.add(each.bytes() + " " + each.path().substring(1)));
        rest.add("--");
        for (Attachment each : content.attachments()) {
            rest.add("%s %s %s"
                    .formatted(
                            each.writable() ? "rw" : "ro",
                            each.source(),
                            each.path().substring(1)));
        }
        rest.add("--");
        rest.addAll(content.command());
        ProcessBuilder builder = new ProcessBuilder(unshareNamespaces(rest));
        builder.environment().clear();
        builder.environment().putAll(content.environment());
        builder.environment().put("GUEST_PATH", content.environment().getOrDefault("PATH", ""));
        builder.environment().put("PATH", "/usr/sbin:/usr/bin:/sbin:/bin");
        return builder;
    }

    private static String script() {
        try (var text = Sandbox.class.getResourceAsStream("unshare-sandbox.sh")) {
            if (text == null) {
                throw new IllegalStateException("unshare-sandbox.sh: not among the resources");
            }
            return new String(text.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Without a wall the guest's paths are those of its root folder: each path in the command that exists there is
    /// taken from there, and `REALM_ROOT` tells the guest where to look for its devices.
    private static ProcessBuilder process(Content content) {
        Path root = content.root();
        content.attachments().forEach(each -> link(root.resolve(each.path().substring(1)), each.source()));
        ProcessBuilder builder = new ProcessBuilder(
                content.command().stream().map(word -> relocated(word, root)).toList());
        builder.environment().clear();
        builder.environment().putAll(content.environment());
        builder.environment().put("REALM_ROOT", root.toString());
        return builder;
    }

    private static String relocated(String word, Path root) {
        return List.of(word.split(":", -1)).stream()
                .map(path -> path.startsWith("/") && Files.exists(root.resolve(path.substring(1))) ? root + path : path)
                .collect(Collectors.joining(":"));
    }

    private static void link(Path link, Path target) {
        try {
            Files.createDirectories(link.getParent());
            Files.createSymbolicLink(link, target.toAbsolutePath());
        } catch (IOException e) {
            throw new UncheckedIOException(link + ": cannot be made", e);
        }
    }
}
