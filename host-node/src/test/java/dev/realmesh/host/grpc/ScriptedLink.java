// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.host.grpc;

import dev.realmesh.host.launch.LaunchException;
import dev.realmesh.host.launch.LaunchException.AgentFailed;
import dev.realmesh.host.launch.RealmLink;
import dev.realmesh.host.launch.RunEvent;
import dev.realmesh.host.launch.WorkloadSpec;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/// An agent at the other end of a link that has connected at once and does as it is told.
final class ScriptedLink implements RealmLink {
    private final Script script;
    private final CompletableFuture<Void> closed = new CompletableFuture<>();

    /// What the agent does when it is asked to run a container.
    interface Script {
        void run(WorkloadSpec spec, Consumer<RunEvent> events, ScriptedLink link);
    }

    ScriptedLink(Script script) {
        this.script = script;
    }

    /// Waits until the link ends.
    void awaitEnd() {
        closed.join();
        throw new AgentFailed(AgentFailed.Reason.UNAVAILABLE, "link: closed");
    }

    @Override
    public CompletableFuture<Void> connected() {
        return CompletableFuture.completedFuture(null);
    }

    @Override
    public void runContainer(WorkloadSpec spec, Consumer<RunEvent> events) throws LaunchException {
        script.run(spec, events, this);
    }

    @Override
    public void close() {
        closed.complete(null);
    }
}
