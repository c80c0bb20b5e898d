// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.host.launch;

import java.util.concurrent.CompletableFuture;

/// The wish of whoever asked for a workload that it end, or of the host that its Realm go.
public final class Cancellation {
    private final CompletableFuture<String> reason = new CompletableFuture<>();

    /// Cancels, for a reason that the one who waits is told. The first reason counts.
    public void cancel(String why) {
        reason.complete(why);
    }

    /// Whether it was cancelled.
    public boolean isCancelled() {
        return reason.isDone();
    }

    /// Why; empty if it was not cancelled.
    String reason() {
        return reason.getNow("");
    }

    /// Runs `action` once it is cancelled; at once if it is already.
    public void onCancel(Runnable action) {
        CompletableFuture<Void> unused = reason.thenRun(action);
    }
}
