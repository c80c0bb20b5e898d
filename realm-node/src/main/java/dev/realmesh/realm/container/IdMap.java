// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.realm.container;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// The user and group ids that exist in a user namespace, as `uid_map` and `gid_map` in /proc list them. A Realm's
/// sandbox
/// may have a single one of each: 0.
public final class IdMap {
    private final List<Range> users;
    private final List<Range> groups;

    private IdMap(List<Range> users, List<Range> groups) {
        this.users = users;
        this.groups = groups;
    }

    /// The maps of a process.
    ///
    /// @param process its folder in /proc
    /// @throws ContainerException.RuntimeFailed if they cannot be read
    public static IdMap ofProcess(Path process) {
        return new IdMap(read(process.resolve("uid_map")), read(process.resolve("gid_map")));
    }

    /// Whether a process of this namespace can be that user.
    boolean hasUser(long uid) {
        return users.stream().anyMatch(range -> range.has(uid));
    }

    /// Whether a process of this namespace can be of that group.
    boolean hasGroup(long gid) {
        return groups.stream().anyMatch(range -> range.has(gid));
    }

    /// Lines of first id inside, first id outside, count.
    private static List<Range> read(Path file) {
        List<Range> ranges = new ArrayList<>();
        try {
            for (String line : Files.readAllLines(file)) {
                String[] fields = line.strip().split("\\s+", -1);
                ranges.add(new Range(Long.parseLong(fields[0]), Long.parseLong(fields[2])));
            }
        } catch (IOException | NumberFormatException | ArrayIndexOutOfBoundsException e) {
            throw new ContainerException.RuntimeFailed(file + ": not an id map: " + e.getMessage(), e);
        }
        return List.copyOf(ranges);
    }

    private record Range(long first, long count) {
        private boolean has(long id) {
            return id >= first && id - first < count;
        }
    }
}
