// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.mesh.bus;

/// Tells when nodes leave: their sessions end at once, not when a ping goes unanswered.
public interface NodeWatch {
    /// Runs `left` once, on any thread, when `node` is no member any more; at once if it is none now.
    ///
    /// @return takes the request back
    Runnable watch(String node, Runnable left);

    /// A bus that does not leave its process: its one node stays.
    static NodeWatch ofOneNode() {
        return (node, left) -> () -> {};
    }
}
