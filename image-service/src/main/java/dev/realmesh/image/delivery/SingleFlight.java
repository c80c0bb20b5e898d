// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.image.delivery;

import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;

/// Does the same work once for all who want it while it is under way: the first one does it, the others wait, and all
/// get what comes of it, be it a failure. Who comes after that begins anew.
final class SingleFlight<K> {
    private final Map<K, CompletableFuture<Boolean>> flights = new ConcurrentHashMap<>();

    /// Returns when the work is done; throws what the work threw.
    ///
    /// @throws InterruptedException if the thread is, while it waits for another one
    void fly(K key, Runnable work) throws InterruptedException {
        CompletableFuture<Boolean> mine = new CompletableFuture<>();
        CompletableFuture<Boolean> other = flights.putIfAbsent(key, mine);
        if (other != null) {
            await(other);
            return;
        }
        try {
            work.run();
            flights.remove(key);
            mine.complete(true);
        } catch (RuntimeException | Error e) {
            flights.remove(key);
            mine.completeExceptionally(e);
            throw e;
        }
    }

    private static void await(CompletableFuture<Boolean> flight) throws InterruptedException {
        try {
            flight.get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException failure) {
                throw failure;
            }
            if (e.getCause() instanceof Error failure) {
                throw failure;
            }
            throw new IllegalStateException(e);
        }
    }
}
