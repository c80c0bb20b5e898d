// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.mesh.health;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Checks that are made again and again, each on virtual threads of its own and one question at a time, until this is
/// closed.
public final class WatchedChecks implements AutoCloseable {
    /// How long an answer may take; what takes longer counts as away.
    public static final Duration ANSWER_WITHIN = Duration.ofSeconds(2);

    private static final Logger LOG = LoggerFactory.getLogger(WatchedChecks.class);

    private final List<Watch> watches;
    private final Runnable changed;
    private volatile boolean closed;

    private WatchedChecks(List<HealthCheck> checks, Runnable changed) {
        this.watches = checks.stream().map(Watch::new).toList();
        this.changed = changed;
    }

    /// Begins.
    ///
    /// @param changed is run after an answer that differs from the one before
    public static WatchedChecks start(List<HealthCheck> checks, Runnable changed) {
        WatchedChecks watched = new WatchedChecks(checks, changed);
        watched.watches.forEach(watch -> watch.thread.start());
        return watched;
    }

    /// The newest results, in the order of the checks. What has not answered yet is away.
    public List<CheckResult> results() {
        return watches.stream().map(watch -> watch.result).toList();
    }

    /// Waits until each has been asked for once: [#ANSWER_WITHIN] at most.
    public void awaitFirst() {
        try {
            for (Watch watch : watches) {
                watch.asked.await();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        closed = true;
        watches.forEach(watch -> watch.thread.interrupt());
    }

    private static Optional<String> problem(HealthCheck check) {
        try {
            return check.probe().problem();
        } catch (Exception e) {
            LOG.debug("{}: check failed", check.id(), e);
            return Optional.of("check failed: " + e.getClass().getSimpleName());
        }
    }

    private final class Watch {
        private final HealthCheck check;
        private final Thread thread;
        private final CountDownLatch asked = new CountDownLatch(1);
        private volatile CheckResult result;

        Watch(HealthCheck check) {
            this.check = check;
            this.result = new CheckResult(check.id(), Optional.of("not asked yet"));
            this.thread = Thread.ofVirtual().name("health-" + check.id()).unstarted(this::run);
        }

        private void run() {
            try {
                while (!closed) {
                    ask();
                    TimeUnit.NANOSECONDS.sleep(check.interval().toNanos());
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }

        /// What answers too late is not listened to, but waited for, so that a stuck check does not pile up.
        private void ask() throws InterruptedException {
            CompletableFuture<Optional<String>> answer = new CompletableFuture<>();
            Thread asking =
                    Thread.ofVirtual().name("health-ask-" + check.id()).start(() -> answer.complete(problem(check)));
            try {
                boolean inTime = asking.join(ANSWER_WITHIN);
                publish(inTime ? answer.join() : Optional.of("no answer within " + ANSWER_WITHIN.toSeconds() + " s"));
                asking.interrupt();
                asking.join();
            } finally {
                asking.interrupt();
            }
        }

        private void publish(Optional<String> problem) {
            if (closed) {
                return;
            }
            boolean first = asked.getCount() > 0;
            CheckResult before = result;
            result = new CheckResult(check.id(), problem);
            if (problem.isPresent() && (first || before.up())) {
                LOG.warn("{} is away: {}", check.id(), problem.get());
            } else if (problem.isEmpty() && !first && !before.up()) {
                LOG.info("{} is back", check.id());
            }
            asked.countDown();
            if (!before.equals(result)) {
                changed.run();
            }
        }
    }
}
