// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.host.machine.guest;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Control groups, by which a guest's process has as much memory and processor time as its Realm and no more, and a
/// bounded number of processes. Of version 2, or of version 1 with a hierarchy for each controller; where this process
/// may not make any, guests run without.
final class RealmCgroups {
    private static final Logger LOG = LoggerFactory.getLogger(RealmCgroups.class);
    private static final Path MOUNT = Path.of("/sys/fs/cgroup");
    private static final int MAX_PROCESSES = 4096;
    private static final long PERIOD_MICROS = 100_000;
    private static final long REMOVAL_TRIES = 100;
    private static final long REMOVAL_PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(10);

    /// Writes the process that becomes the guest into each group, then becomes it.
    private static final String JOIN =
            "while [ \"$1\" != -- ]; do echo $$ > \"$1/cgroup.procs\" || exit 1; shift; done;" + " shift; exec \"$@\"";

    private final Layout layout;

    private enum Layout {
        NONE,
        V1,
        V2
    }

    private RealmCgroups(Layout layout) {
        this.layout = layout;
    }

    /// The control groups of this machine, tried once.
    static RealmCgroups open() {
        Layout layout = Files.exists(MOUNT.resolve("cgroup.controllers")) ? Layout.V2 : Layout.V1;
        RealmCgroups groups = new RealmCgroups(layout);
        try (Group trial =
                groups.make("realmesh-trial-" + ProcessHandle.current().pid(), 1L << 30, 1)) {
            LOG.debug("limits of Realms by {}", trial.folders());
            return groups;
        } catch (IOException e) {
            LOG.info("memory, processes and processors of Realms are not limited: {}", e.toString());
            return none();
        }
    }

    /// No control groups.
    static RealmCgroups none() {
        return new RealmCgroups(Layout.NONE);
    }

    /// A group for one Realm.
    ///
    /// @param name unique on this machine
    /// @param memoryBytes memory that the Realm has
    /// @param cpus processors that the Realm has
    /// @throws GuestException.NoSandbox if it cannot be made, though others could
    Group create(String name, long memoryBytes, int cpus) {
        try {
            return make(name, memoryBytes, cpus);
        } catch (IOException e) {
            throw new GuestException.NoSandbox("control group " + name + ": " + e);
        }
    }

    private Group make(String name, long memoryBytes, int cpus) throws IOException {
        Map<Path, String> limits = limits(name, memoryBytes, cpus);
        List<Path> folders =
                limits.keySet().stream().map(Path::getParent).distinct().toList();
        Group group = new Group(folders);
        try {
            for (Path folder : folders) {
                Files.createDirectory(folder);
            }
            for (Map.Entry<Path, String> limit : limits.entrySet()) {
                Files.writeString(limit.getKey(), limit.getValue());
            }
            return group;
        } catch (IOException e) {
            group.close();
            throw e;
        }
    }

    private Map<Path, String> limits(String name, long memoryBytes, int cpus) {
        Map<Path, String> limits = new LinkedHashMap<>();
        long quota = cpus * PERIOD_MICROS;
        switch (layout) {
            case NONE -> {}
            case V1 -> {
                limits.put(MOUNT.resolve("memory").resolve(name).resolve("memory.limit_in_bytes"), "" + memoryBytes);
                limits.put(MOUNT.resolve("pids").resolve(name).resolve("pids.max"), "" + MAX_PROCESSES);
                limits.put(MOUNT.resolve("cpu").resolve(name).resolve("cpu.cfs_quota_us"), "" + quota);
            }
            case V2 -> {
                Path group = MOUNT.resolve(name);
                limits.put(group.resolve("memory.max"), "" + memoryBytes);
                limits.put(group.resolve("pids.max"), "" + MAX_PROCESSES);
                limits.put(group.resolve("cpu.max"), quota + " " + PERIOD_MICROS);
            }
        }
        return limits;
    }

    /// The group of one Realm; gone when closed.
    ///
    /// @param folders where it is, one for each hierarchy; none without control groups
    record Group(List<Path> folders) implements AutoCloseable {
        /// The command that runs `command` in this group.
        List<String> joining(List<String> command) {
            if (folders.isEmpty()) {
                return command;
            }
            List<String> words = new ArrayList<>(List.of("/bin/sh", "-c", JOIN, "join"));
            folders.forEach(folder -> words.add(folder.toString()));
            words.add("--");
            words.addAll(command);
            return words;
        }

        /// A group goes once the last of its processes is gone, which is a moment after that was killed.
        @Override
        public void close() {
            for (Path folder : folders) {
                try {
                    remove(folder);
                } catch (IOException e) {
                    LOG.warn("{}: not removed: {}", folder, e.toString());
                }
            }
        }

        private static void remove(Path folder) throws IOException {
            for (int tries = 0; true; tries++) {
                try {
                    Files.deleteIfExists(folder);
                    return;
                } catch (IOException e) {
                    if (tries == REMOVAL_TRIES) {
                        throw e;
                    }
                    LockSupport.parkNanos(REMOVAL_PAUSE_NANOS);
                }
            }
        }
    }
}
