// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.host.launch;

import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/// The guarded link to the agent in one Realm.
public interface RealmLink extends AutoCloseable {
    /// Done when the guest has connected; fails when the link closes before.
    CompletableFuture<Void> connected();

    /// Asks the agent to run a container; returns after its last event.
    ///
    /// @throws LaunchException if the agent refuses or fails, or the link closes meanwhile
    void runContainer(WorkloadSpec spec, Consumer<RunEvent> events);

    /// Ends the link and what is under way on it, from any thread. The guest takes it as the wish to power off.
    @Override
    void close();

    /// Opens links.
    @FunctionalInterface
    interface Opener {
        /// Listens on `socket` for the guest of Realm `id`.
        RealmLink listen(Path socket, RealmId id);
    }
}
