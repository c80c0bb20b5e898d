// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.attestation.result;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/// Lets watchers follow the store. A watcher reads on from where it was, so that one that is slow loses nothing and
/// costs
/// nothing. What this process stores is seen at once, what others put into the same database within [#LOOK_AGAIN].
public final class ResultFeed implements AutoCloseable {
    static final Duration LOOK_AGAIN = Duration.ofSeconds(1);
    private static final int BATCH = 100;

    private final ResultStore store;
    private final int mostWatchers;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition news = lock.newCondition();
    private int watchers;
    private long stored;
    private boolean ended;

    /// @param mostWatchers how many may watch at once
    public ResultFeed(ResultStore store, int mostWatchers) {
        this.store = store;
        this.mostWatchers = mostWatchers;
    }

    /// A watcher; for one thread. Closing makes room for another.
    public final class Watch implements AutoCloseable {
        private final ResultFilter filter;
        private ResultStore.Position position;
        private boolean closed;

        private Watch(ResultFilter filter, ResultStore.Position position) {
            this.filter = filter;
            this.position = position;
        }

        /// The next results, at least one; waits for it. None if the feed has ended.
        ///
        /// @throws dev.realmesh.storage.StorageException if they cannot be read
        public List<StoredResult> next() throws InterruptedException {
            while (!hasEnded()) {
                long before = storedSoFar();
                ResultStore.Batch batch = store.next(filter, position, BATCH);
                position = batch.last();
                if (!batch.results().isEmpty()) {
                    return batch.results();
                }
                awaitNews(before);
            }
            return List.of();
        }

        @Override
        public void close() {
            lock.lock();
            try {
                if (!closed) {
                    closed = true;
                    watchers--;
                }
            } finally {
                lock.unlock();
            }
        }
    }

    /// Starts to watch results that the filter means.
    ///
    /// @param after name of a result, to go on behind it; empty is from now on
    /// @throws ResultException.TooManyWatchers if as many watch as may
    /// @throws ResultException.NotFound if there is no result of that name
    public Watch watch(ResultFilter filter, String after) {
        ResultStore.Position from = after.isEmpty() ? store.end() : store.after(after);
        lock.lock();
        try {
            if (watchers >= mostWatchers) {
                throw new ResultException.TooManyWatchers(mostWatchers);
            }
            watchers++;
            return new Watch(filter, from);
        } finally {
            lock.unlock();
        }
    }

    /// Tells watchers that a result was stored.
    public void publish() {
        lock.lock();
        try {
            stored++;
            news.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /// Ends all watches.
    @Override
    public void close() {
        lock.lock();
        try {
            ended = true;
            news.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private boolean hasEnded() {
        lock.lock();
        try {
            return ended;
        } finally {
            lock.unlock();
        }
    }

    private long storedSoFar() {
        lock.lock();
        try {
            return stored;
        } finally {
            lock.unlock();
        }
    }

    private void awaitNews(long before) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            long left = LOOK_AGAIN.toNanos();
            while (stored == before && !ended && left > 0) {
                left = news.awaitNanos(left);
            }
        } finally {
            lock.unlock();
        }
    }
}
