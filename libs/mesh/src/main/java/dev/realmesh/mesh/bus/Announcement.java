// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.mesh.bus;

import dev.realmesh.mesh.frame.FrameException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// All that one node serves, as of now. As text: the node's id, the version, then the instances, a line each.
///
/// @param node id of the node
/// @param version counts the node's announcements; the highest one counts
/// @param instances names with an `@`, such as `key-broker@<instance>`, that take new calls
record Announcement(String node, long version, Set<String> instances) {
    Announcement {
        instances = Set.copyOf(instances);
    }

    /// Reads the text.
    ///
    /// @throws FrameException if it is none
    static Announcement parse(String text) {
        List<String> lines = text.lines().toList();
        if (lines.size() < 2) {
            throw new FrameException("announcement: " + lines.size() + " lines (expected: node, version, instances)");
        }
        try {
            return new Announcement(
                    lines.getFirst(), Long.parseLong(lines.get(1)), Set.copyOf(lines.subList(2, lines.size())));
        } catch (NumberFormatException e) {
            throw new FrameException("announcement: version " + lines.get(1) + " (expected: a number)");
        }
    }

    String text() {
        return node + "\n" + version + "\n" + String.join("\n", instances);
    }

    Announcement with(String instance) {
        Set<String> more = new HashSet<>(instances);
        more.add(instance);
        return new Announcement(node, version + 1, more);
    }

    Announcement without(String instance) {
        Set<String> fewer = new HashSet<>(instances);
        fewer.remove(instance);
        return new Announcement(node, version + 1, fewer);
    }
}
