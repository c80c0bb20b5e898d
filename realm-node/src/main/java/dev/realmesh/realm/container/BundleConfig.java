// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.realm.container;

import dev.realmesh.realm.container.UnsealFiles.Mounted;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// `config.json` of an OCI bundle (runtime-spec 1.0.2), in the form that crun runs inside a Realm's sandbox: no user
/// namespace (the sandbox is one, and its single id cannot be mapped again), no `gid=` on devpts, nothing of /sys.
final class BundleConfig {
    private static final List<String> MASKED_PATHS = List.of(
            "/proc/acpi",
            "/proc/asound",
            "/proc/interrupts",
            "/proc/kcore",
            "/proc/keys",
            "/proc/latency_stats",
            "/proc/sched_debug",
            "/proc/scsi",
            "/proc/timer_list",
            "/proc/timer_stats");

    private static final List<String> READ_ONLY_PATHS =
            List.of("/proc/bus", "/proc/fs", "/proc/irq", "/proc/sys", "/proc/sysrq-trigger");

    private static final JsonMapper JSON = new JsonMapper();

    private final Network network;
    private final Init init;

    BundleConfig(Network network, Init init) {
        this.network = network;
        this.init = init;
    }

    /// Whose network namespace a container is in.
    enum Network {
        /// A new one, with nothing in it.
        OF_ITS_OWN,
        /// That of the thread that starts crun.
        OF_ITS_STARTER
    }

    /// The configuration of a container.
    ///
    /// @param hostname its host name
    /// @param secrets files that it is given, read-only
    /// @param options its terminal, what becomes of its root, whether it has an init
    /// @throws ContainerException.NotRunnable if it is to have one, and there is none
    byte[] write(ProcessSpec process, String hostname, List<Mounted> secrets, ContainerOptions options) {
        ObjectNode config = JSON.createObjectNode();
        config.put("ociVersion", "1.0.2");
        process(config.putObject("process"), options.init() ? init.over(process) : process, options.streams());
        config.putObject("root")
                .put("path", "rootfs")
                .put("readonly", options.root().readOnly());
        config.put("hostname", hostname);
        ArrayNode mounts = config.putArray("mounts");
        mounts(mounts);
        options.root().temporary().forEach(folder -> temporary(mounts, folder));
        secrets.forEach(secret -> file(mounts, secret.source(), secret.destination(), "noexec"));
        if (options.init()) {
            file(mounts, init.program(), Init.DESTINATION, "exec");
        }
        ObjectNode linux = config.putObject("linux");
        ArrayNode namespaces = linux.putArray("namespaces");
        List.of("pid", "ipc", "uts", "mount")
                .forEach(type -> namespaces.addObject().put("type", type));
        if (network == Network.OF_ITS_OWN) {
            namespaces.addObject().put("type", "network");
        }
        strings(linux.putArray("maskedPaths"), MASKED_PATHS);
        strings(linux.putArray("readonlyPaths"), READ_ONLY_PATHS);
        linux.set("seccomp", SeccompProfile.ofThisMachine());
        return JSON.writeValueAsBytes(config);
    }

    /// The description of a further process.
    static byte[] process(ProcessSpec process, Streams streams) {
        ObjectNode node = JSON.createObjectNode();
        process(node, process, streams);
        return JSON.writeValueAsBytes(node);
    }

    private static void process(ObjectNode node, ProcessSpec process, Streams streams) {
        ContainerUser user = process.user();
        node.put("terminal", streams.terminal().isPresent());
        streams.terminal()
                .ifPresent(size ->
                        node.putObject("consoleSize").put("height", size.rows()).put("width", size.columns()));
        ObjectNode ids = node.putObject("user").put("uid", user.uid()).put("gid", user.gid());
        if (!user.additionalGids().isEmpty()) {
            ArrayNode gids = ids.putArray("additionalGids");
            user.additionalGids().forEach(gids::add);
        }
        strings(node.putArray("args"), process.arguments());
        strings(node.putArray("env"), process.environment());
        node.put("cwd", process.workingDirectory());
        node.put("noNewPrivileges", true);
        ObjectNode capabilities = node.putObject("capabilities");
        List<String> granted = process.confinement().capabilities().of(user);
        for (String set : List.of("bounding", "effective", "permitted", "inheritable", "ambient")) {
            boolean kept = !set.equals("inheritable") && !set.equals("ambient");
            strings(capabilities.putArray(set), kept ? granted : List.of());
        }
        ArrayNode limits = node.putArray("rlimits");
        process.confinement()
                .limits()
                .forEach(limit -> limits.addObject()
                        .put("type", "RLIMIT_" + limit.name().toUpperCase(Locale.ROOT))
                        .put("soft", limit.soft())
                        .put("hard", limit.hard()));
    }

    private static void mounts(ArrayNode mounts) {
        mount(mounts, "/proc", "proc", "nosuid", "noexec", "nodev");
        mount(mounts, "/dev", "tmpfs", "nosuid", "strictatime", "mode=755", "size=65536k");
        mount(mounts, "/dev/pts", "devpts", "nosuid", "noexec", "newinstance", "ptmxmode=0666", "mode=0620");
        mount(mounts, "/dev/shm", "tmpfs", "nosuid", "noexec", "nodev", "mode=1777", "size=65536k");
        mount(mounts, "/dev/mqueue", "mqueue", "nosuid", "noexec", "nodev");
    }

    private static void temporary(ArrayNode mounts, TemporaryFolder folder) {
        String mode = "mode=" + Integer.toOctalString(folder.mode());
        mount(mounts, folder.path(), "tmpfs", "nosuid", "noexec", "nodev", mode, "size=" + folder.bytes());
    }

    private static void file(ArrayNode mounts, Path source, String destination, String execution) {
        ObjectNode mount = mounts.addObject();
        mount.put("destination", destination).put("type", "bind");
        mount.put("source", source.toString());
        strings(mount.putArray("options"), List.of("bind", "ro", "nosuid", "nodev", execution));
    }

    private static void mount(ArrayNode mounts, String destination, String type, String... options) {
        ObjectNode mount = mounts.addObject();
        mount.put("destination", destination).put("type", type).put("source", type);
        strings(mount.putArray("options"), List.of(options));
    }

    private static void strings(ArrayNode array, List<String> values) {
        values.forEach(array::add);
    }
}
