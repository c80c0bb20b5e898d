// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.attestation.result;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/// Tells watchers of results as they are stored. Publishing never waits for a watcher: one that cannot keep up looks
/// after itself.
public final class ResultFeed {
    private final int mostWatchers;
    private final List<Watch> watches = new CopyOnWriteArrayList<>();

    /// @param mostWatchers how many may watch at once
    public ResultFeed(int mostWatchers) {
        this.mostWatchers = mostWatchers;
    }

    /// Takes results; must return at once.
    @FunctionalInterface
    public interface Watcher {
        /// A result that was stored.
        void stored(StoredResult result);
    }

    /// A watcher that is told; closing ends it.
    public final class Watch implements AutoCloseable {
        private final ResultFilter filter;
        private final Watcher watcher;

        private Watch(ResultFilter filter, Watcher watcher) {
            this.filter = filter;
            this.watcher = watcher;
        }

        @Override
        public void close() {
            watches.remove(this);
        }
    }

    /// Starts to tell `watcher` of results that the filter means.
    ///
    /// @throws ResultException.TooManyWatchers if as many watch as may
    public synchronized Watch watch(ResultFilter filter, Watcher watcher) {
        if (watches.size() >= mostWatchers) {
            throw new ResultException.TooManyWatchers(mostWatchers);
        }
        Watch watch = new Watch(filter, watcher);
        watches.add(watch);
        return watch;
    }

    /// Tells all watchers.
    public void publish(StoredResult result) {
        for (Watch watch : watches) {
            if (watch.filter.matches(result)) {
                watch.watcher.stored(result);
            }
        }
    }
}
