// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.image.connect;

import java.time.Duration;

/// What Realms may have of connections outwards.
///
/// @param ofRealm connections of one at a time
/// @param ofAll connections of all at a time
/// @param connect how long it may take until a host is reached
/// @param idle how long a connection may stand still, in both directions
public record OutboundLimits(int ofRealm, int ofAll, Duration connect, Duration idle) {
    /// 16 connections of a Realm, 256 of all, 10 s, 60 s.
    public static final OutboundLimits STANDARD =
            new OutboundLimits(16, 256, Duration.ofSeconds(10), Duration.ofSeconds(60));
}
