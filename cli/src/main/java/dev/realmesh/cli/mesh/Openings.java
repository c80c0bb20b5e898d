// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.cli.mesh;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.function.Supplier;

/// Parts that open side by side, each on a thread of its own, and close one after the other, the last one first.
/// Opening them is mostly loading classes, which keeps a processor busy.
final class Openings implements AutoCloseable {
    private final Deque<Future<? extends AutoCloseable>> parts = new ArrayDeque<>();

    /// Begins to open a part; it is closed with the others, if it came to be open.
    <T extends AutoCloseable> Future<T> open(Supplier<T> part) {
        FutureTask<T> opening = new FutureTask<>(part::get);
        parts.push(opening);
        Thread.ofPlatform().daemon().name("opening").start(opening);
        return opening;
    }

    /// The part, once it is open.
    ///
    /// @throws RuntimeException what kept it from opening
    static <T> T await(Future<T> opening) {
        try {
            return opening.get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException failure) {
                throw failure;
            }
            throw new IllegalStateException("mesh: a part does not open", e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("mesh: interrupted while it opened", e);
        }
    }

    @Override
    public void close() {
        while (!parts.isEmpty()) {
            close(parts.pop());
        }
    }

    private static void close(Future<? extends AutoCloseable> part) {
        try {
            part.get().close();
        } catch (ExecutionException e) {
            // It never opened, and whoever awaited it knows why.
        } catch (Exception e) {
            System.err.println("realmesh: while stopping: " + e.getMessage());
        }
    }
}
