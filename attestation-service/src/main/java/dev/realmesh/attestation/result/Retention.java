// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.attestation.result;

import dev.realmesh.storage.StorageException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Removes results whose time is over, when it starts and then every hour.
public final class Retention implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Retention.class);

    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("result-retention").factory());

    private Retention() {}

    /// Keeps the results of `store` for `time` and no longer.
    public static Retention start(ResultStore store, Duration time, InstantSource clock) {
        Retention retention = new Retention();
        var unused = retention.timer.scheduleWithFixedDelay(() -> expire(store, time, clock), 0, 1, TimeUnit.HOURS);
        return retention;
    }

    private static void expire(ResultStore store, Duration time, InstantSource clock) {
        try {
            int removed = store.expire(clock.instant().minus(time));
            if (removed > 0) {
                LOG.info("results: {} removed, older than {}", removed, time);
            }
        } catch (StorageException e) {
            LOG.warn("results are not removed: {}", e.getMessage());
        }
    }

    @Override
    public void close() {
        timer.shutdownNow();
    }
}
