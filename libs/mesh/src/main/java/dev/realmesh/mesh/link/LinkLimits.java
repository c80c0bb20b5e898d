// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.mesh.link;

import dev.realmesh.mesh.frame.Settings;
import dev.realmesh.mesh.transport.SessionConfig;
import java.time.Duration;

/// What one end of a guarded link lets the other do.
///
/// @param session streams, windows, metadata, message size and keepalive
/// @param maxCall longest a guest's call may last, whatever its own deadline
/// @param callsPerSecond calls that a guest may start a second, with as many in one burst; more are refused
/// @param framesPerSecond frames that are taken a second, with as many in one burst; for more the peer has to wait
/// @param maxUnsentBytes bytes that may wait for a peer that does not read; over it the link ends
public record LinkLimits(
        SessionConfig session, Duration maxCall, int callsPerSecond, int framesPerSecond, int maxUnsentBytes) {
    public LinkLimits {
        positive("max-call", maxCall.toMillis());
        positive("calls-per-second", callsPerSecond);
        positive("frames-per-second", framesPerSecond);
        positive("max-unsent-bytes", maxUnsentBytes);
    }

    /// The defaults of both ends.
    public static LinkLimits standard() {
        Settings settings = new Settings(64, 512 << 10, 8 << 20, 256 << 10, 8 << 10);
        SessionConfig session = new SessionConfig(settings, 4 << 20, Duration.ofSeconds(20), Duration.ofSeconds(20));
        return new LinkLimits(session, Duration.ofMinutes(10), 200, 20_000, 16 << 20);
    }

    private static void positive(String name, long value) {
        if (value < 1) {
            throw new IllegalArgumentException(name + ": " + value + " (expected: 1 or more)");
        }
    }
}
