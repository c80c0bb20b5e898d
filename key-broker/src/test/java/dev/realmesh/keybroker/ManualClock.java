// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.keybroker;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicReference;

/// A clock that stands still until it is told to move.
public final class ManualClock implements InstantSource {
    private final AtomicReference<Instant> now = new AtomicReference<>(Instant.parse("2026-11-23T12:00:00Z"));

    @Override
    public Instant instant() {
        return now.get();
    }

    /// Moves on.
    public void advance(Duration time) {
        now.updateAndGet(instant -> instant.plus(time));
    }
}
