// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.host.launch;

import dev.realmesh.host.vmm.RealmEnd;
import dev.realmesh.host.vmm.RealmMachine;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// A Realm that was entered, on a thread of its own.
final class RealmRun {
    private final CompletableFuture<RealmEnd> end = new CompletableFuture<>();

    private RealmRun() {}

    static RealmRun enter(RealmMachine machine, RealmId id) {
        RealmRun run = new RealmRun();
        Thread.ofVirtual().name(id.value()).start(() -> {
            try {
                run.end.complete(machine.run());
            } catch (RuntimeException e) {
                run.end.completeExceptionally(e);
            }
        });
        return run;
    }

    /// Runs `action` once the Realm has ended.
    void onEnd(Runnable action) {
        CompletableFuture<RealmEnd> unused = end.whenComplete((how, problem) -> action.run());
    }

    /// Whether the Realm ends within `time`.
    boolean endsWithin(Duration time) {
        try {
            end.get(time.toMillis(), TimeUnit.MILLISECONDS);
            return true;
        } catch (ExecutionException e) {
            return true;
        } catch (TimeoutException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /// How it ended, for people.
    String howItEnded() {
        return end.handle(
                        (how, problem) -> problem == null ? String.valueOf(how) : String.valueOf(problem.getMessage()))
                .getNow("still running");
    }
}
