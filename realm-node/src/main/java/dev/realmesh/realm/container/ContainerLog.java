// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.realm.container;

import java.nio.ByteBuffer;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/// The last of what a container wrote, in the Realm's memory; what is older gives way. Whoever reads is never waited
/// for. Thread-safe.
public final class ContainerLog {
    /// How much is kept, in bytes, by default.
    static final int MAX_BYTES = 1024 * 1024;

    private static final int ENTRY_BYTES = 64;

    private final InstantSource clock;
    private final int maxBytes;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Deque<Entry> entries = new ArrayDeque<>();
    private long first;
    private long bytes;
    private boolean ended;

    ContainerLog(InstantSource clock, int maxBytes) {
        this.clock = clock;
        this.maxBytes = maxBytes;
    }

    /// Something that was written at once.
    ///
    /// @param stream where to
    /// @param at when
    /// @param bytes what; read-only
    public record Entry(RunEvent.Stream stream, Instant at, ByteBuffer bytes) {
        public Entry {
            bytes = bytes.asReadOnlyBuffer();
        }

        private int size() {
            return bytes.remaining() + ENTRY_BYTES;
        }
    }

    /// What a reader gets.
    ///
    /// @param entries in the order of writing
    /// @param next where to go on reading
    /// @param missed whether something before gave way before it was read
    /// @param last whether nothing will follow
    public record Page(List<Entry> entries, long next, boolean missed, boolean last) {}

    void append(RunEvent.Output output) {
        Entry entry = new Entry(output.stream(), clock.instant(), output.bytes());
        lock.lock();
        try {
            entries.add(entry);
            bytes += entry.size();
            while (bytes > maxBytes && entries.size() > 1) {
                bytes -= entries.remove().size();
                first++;
            }
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /// The container runs, maybe again.
    void reopen() {
        lock.lock();
        try {
            ended = false;
        } finally {
            lock.unlock();
        }
    }

    /// The container has ended, or was removed.
    void end() {
        lock.lock();
        try {
            ended = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /// What there is from a place on.
    ///
    /// @param from 0 for the beginning, or where a page before said to go on
    public Page read(long from) {
        lock.lock();
        try {
            long skipped = Math.max(0, from - first);
            List<Entry> page = entries.stream().skip(skipped).toList();
            return new Page(page, first + entries.size(), from < first, ended);
        } finally {
            lock.unlock();
        }
    }

    /// The same, once there is something or nothing will follow.
    public Page await(long from) throws InterruptedException {
        lock.lock();
        try {
            while (first + entries.size() <= from && !ended) {
                changed.await();
            }
            return read(from);
        } finally {
            lock.unlock();
        }
    }
}
