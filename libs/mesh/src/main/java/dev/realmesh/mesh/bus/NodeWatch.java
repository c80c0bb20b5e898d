// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.mesh.bus;

import java.util.Set;
import java.util.function.Consumer;

/// Tells which nodes come and go: a node's sessions end, and its instances get no more calls, at once when it leaves,
/// not when a ping goes unanswered.
public interface NodeWatch {
    /// Runs `left` once, on any thread, when `node` is no member any more; at once if it is none now.
    ///
    /// @return takes the request back
    Runnable watch(String node, Runnable left);

    /// The members, but for this node.
    Set<String> others();

    /// Runs `joined` with each node that becomes a member from now on, on any thread.
    void onJoined(Consumer<String> joined);

    /// A bus that does not leave its process: its one node stays.
    static NodeWatch ofOneNode() {
        return new NodeWatch() {
            @Override
            public Runnable watch(String node, Runnable left) {
                return () -> {};
            }

            @Override
            public Set<String> others() {
                return Set.of();
            }

            @Override
            public void onJoined(Consumer<String> joined) {}
        };
    }
}
