// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.mesh.link;

import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/// A rate with a burst of one second's worth.
final class TokenBucket {
    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

    private final int perSecond;
    private final LongSupplier nanoTime;
    private double tokens;
    private long last;

    /// @param nanoTime a clock that only goes forward, in nanoseconds
    TokenBucket(int perSecond, LongSupplier nanoTime) {
        this.perSecond = perSecond;
        this.nanoTime = nanoTime;
        this.tokens = perSecond;
        this.last = nanoTime.getAsLong();
    }

    /// Takes one; false if there is none.
    synchronized boolean tryTake() {
        refill();
        if (tokens < 1) {
            return false;
        }
        tokens--;
        return true;
    }

    /// Takes `count`, on credit if need be.
    ///
    /// @return nanoseconds until the credit is paid back; 0 if there is none
    synchronized long take(int count) {
        refill();
        tokens -= count;
        return tokens >= 0 ? 0 : (long) (-tokens / perSecond * SECOND);
    }

    private void refill() {
        long now = nanoTime.getAsLong();
        tokens = Math.min(perSecond, tokens + (double) (now - last) / SECOND * perSecond);
        last = now;
    }
}
