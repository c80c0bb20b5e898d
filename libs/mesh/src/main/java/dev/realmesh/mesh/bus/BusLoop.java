// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.mesh.bus;

import dev.realmesh.mesh.transport.SessionLoop;
import io.vertx.core.internal.ContextInternal;
import java.util.concurrent.ScheduledExecutorService;

/// A session's own event-loop context: what one context sends to one address arrives in order.
record BusLoop(ContextInternal context) implements SessionLoop {
    @Override
    public void execute(Runnable task) {
        context.runOnContext(ignored -> task.run());
    }

    /// Runs `task` before anything that comes later: at once if the caller is on the loop.
    void runNow(Runnable task) {
        if (inLoop()) {
            task.run();
        } else {
            execute(task);
        }
    }

    @Override
    public boolean inLoop() {
        return context.isRunningOnContext();
    }

    @Override
    public ScheduledExecutorService scheduler() {
        return context.nettyEventLoop();
    }
}
