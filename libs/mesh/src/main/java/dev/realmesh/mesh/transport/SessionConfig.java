// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.mesh.transport;

import dev.realmesh.mesh.frame.Settings;
import java.time.Duration;

/// How this end of sessions behaves.
///
/// @param settings what it takes from the peer
/// @param maxMessageBytes largest message that it takes
/// @param keepAlive after so long without a packet the peer is pinged
/// @param keepAliveTimeout after so long without an answer the session ends
public record SessionConfig(Settings settings, int maxMessageBytes, Duration keepAlive, Duration keepAliveTimeout) {
    /// Between nodes of a mesh: a node that hangs is found after 15 s at most.
    public static SessionConfig ofMesh() {
        return new SessionConfig(Settings.ofMesh(), 4 << 20, Duration.ofSeconds(10), Duration.ofSeconds(5));
    }

    /// The same with another limit for messages.
    public SessionConfig withMaxMessageBytes(int bytes) {
        return new SessionConfig(settings, bytes, keepAlive, keepAliveTimeout);
    }
}
