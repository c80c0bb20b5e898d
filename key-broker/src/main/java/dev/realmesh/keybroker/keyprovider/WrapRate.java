// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.keybroker.keyprovider;

import java.time.InstantSource;
import java.time.temporal.ChronoUnit;

/// So many in a minute of the clock.
final class WrapRate {
    private final int perMinute;
    private final InstantSource clock;
    private long minute;
    private int taken;

    WrapRate(int perMinute, InstantSource clock) {
        this.perMinute = perMinute;
        this.clock = clock;
    }

    /// @throws KeyProviderException.TooOften if this minute has none left
    synchronized void take() {
        long now = clock.instant().truncatedTo(ChronoUnit.MINUTES).getEpochSecond();
        if (now != minute) {
            minute = now;
            taken = 0;
        }
        if (taken == perMinute) {
            throw new KeyProviderException.TooOften(perMinute);
        }
        taken++;
    }
}
