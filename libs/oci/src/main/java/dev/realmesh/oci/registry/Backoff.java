// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.oci.registry;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Supplier;

/// How often what failed for the moment is tried again. Each pause is twice the one before, up to half of it left to
/// chance, so that those who failed together do not come back together. A registry that says when to come back
/// (`Retry-After`) is waited for, unless that is too long.
public final class Backoff {
    private static final Duration FIRST = Duration.ofMillis(500);
    private static final Duration LONGEST = Duration.ofSeconds(30);

    private final int attempts;
    private final Pause pause;

    private Backoff(int attempts, Pause pause) {
        this.attempts = attempts;
        this.pause = pause;
    }

    /// Pauses of half a second and more.
    ///
    /// @param attempts in all; 1 for none after the first
    public static Backoff of(int attempts) {
        if (attempts < 1) {
            throw new IllegalArgumentException("attempts: " + attempts + " (expected: at least 1)");
        }
        return new Backoff(attempts, Thread::sleep);
    }

    /// The same with another way to pass the time.
    public Backoff pausing(Pause other) {
        return new Backoff(attempts, other);
    }

    /// Lets time pass.
    @FunctionalInterface
    public interface Pause {
        /// Returns after that time.
        void last(Duration time) throws InterruptedException;
    }

    /// Does it until it is done, or fails for good.
    <T> T retrying(Supplier<T> attempt) {
        for (int failed = 1; ; failed++) {
            try {
                return attempt.get();
            } catch (RegistryClientException.Unavailable e) {
                if (!pause(failed, e)) {
                    throw e;
                }
            }
        }
    }

    /// Waits before the next attempt.
    ///
    /// @param failed attempts until now
    /// @return false if there is no next one
    boolean pause(int failed, RegistryClientException.Unavailable failure) {
        Duration asked = failure.retryAfter();
        if (failed >= attempts || !failure.mayPass() || asked.compareTo(LONGEST) > 0) {
            return false;
        }
        long longest = Math.min(LONGEST.toMillis(), FIRST.toMillis() << Math.min(failed - 1, 16));
        Duration own = Duration.ofMillis(ThreadLocalRandom.current().nextLong(longest / 2, longest + 1));
        try {
            pause.last(own.compareTo(asked) > 0 ? own : asked);
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
