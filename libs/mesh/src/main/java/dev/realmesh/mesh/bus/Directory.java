// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.mesh.bus;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;

/// Who serves what: of each node what it announced last. It is about availability only; nobody is trusted for being
/// in it. For any thread.
final class Directory {
    private final AtomicReference<Announcement> own;
    private final Map<String, Announcement> others = new ConcurrentHashMap<>();
    private final Set<Runnable> watchers = ConcurrentHashMap.newKeySet();

    /// The directory of `node`, which serves nothing yet.
    Directory(String node) {
        own = new AtomicReference<>(new Announcement(node, 0, Set.of()));
    }

    /// The instances that `name` stands for: all of a service, or the one that it names with an `@`.
    List<String> instances(String name) {
        return Stream.concat(Stream.of(own()), others.values().stream())
                .flatMap(announcement -> announcement.instances().stream())
                .filter(instance -> instance.equals(name) || instance.startsWith(name + "@"))
                .distinct()
                .sorted()
                .toList();
    }

    /// What this node serves.
    Announcement own() {
        return own.get();
    }

    /// From now on this node serves `instance`.
    void add(String instance) {
        own.updateAndGet(before -> before.with(instance));
        changed();
    }

    /// From now on this node takes no new calls for `instance`.
    void remove(String instance) {
        own.updateAndGet(before -> before.without(instance));
        changed();
    }

    /// Takes what another node says, unless it has said something newer.
    ///
    /// @return whether that node is new here
    boolean learn(Announcement theirs) {
        if (theirs.node().equals(own().node())) {
            return false;
        }
        boolean unknown = others.putIfAbsent(theirs.node(), theirs) == null;
        if (!unknown) {
            others.computeIfPresent(
                    theirs.node(), (node, before) -> before.version() < theirs.version() ? theirs : before);
        }
        changed();
        return unknown;
    }

    /// The node has left, with all that it served.
    void forget(String left) {
        others.remove(left);
        changed();
    }

    /// Runs `changed` after each change, on the thread that made it.
    ///
    /// @return takes the request back
    Runnable watch(Runnable changed) {
        watchers.add(changed);
        return () -> watchers.remove(changed);
    }

    private void changed() {
        watchers.forEach(Runnable::run);
    }
}
