// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.mesh.edge;

/// An open HTTP/2 edge.
public interface Edge extends AutoCloseable {
    /// The port that it listens on.
    int port();

    /// Lets no new call in and waits for those in flight as long as the node's `drain` says.
    @Override
    void close();
}
