// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.mesh.link;

import dev.realmesh.mesh.transport.SessionLoop;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;
import org.jspecify.annotations.Nullable;

/// The thread of one link: both of its sessions and their timers. What comes after its end is dropped.
final class LinkLoop implements SessionLoop {
    private final ScheduledThreadPoolExecutor executor;
    private volatile @Nullable Thread thread;

    LinkLoop(String name) {
        executor = new ScheduledThreadPoolExecutor(
                1,
                task -> {
                    Thread made = Thread.ofPlatform().daemon().name(name).unstarted(task);
                    thread = made;
                    return made;
                },
                new ThreadPoolExecutor.DiscardPolicy());
        executor.setRemoveOnCancelPolicy(true);
    }

    @Override
    public void execute(Runnable task) {
        executor.execute(task);
    }

    @Override
    public boolean inLoop() {
        return Thread.currentThread() == thread;
    }

    @Override
    public ScheduledExecutorService scheduler() {
        return executor;
    }

    /// Runs what was asked for until now, and nothing that is due later.
    void stop() {
        executor.execute(executor::shutdownNow);
    }
}
