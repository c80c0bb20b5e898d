// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.realm.container;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/// Where a container's outputs go: into its log, and to whoever is attached, no faster than the slowest of them takes
/// them. One that listens no more is let go. Thread-safe.
final class Outputs implements RunEvents {
    private final ContainerLog log;
    private final List<RunEvents> attached = new CopyOnWriteArrayList<>();

    Outputs(ContainerLog log) {
        this.log = log;
    }

    void attach(RunEvents listener) {
        attached.add(listener);
    }

    void detach(RunEvents listener) {
        attached.remove(listener);
    }

    @Override
    public void accept(RunEvent event) {
        if (event instanceof RunEvent.Output output) {
            log.append(output);
        }
        for (RunEvents listener : attached) {
            try {
                listener.accept(event);
            } catch (ContainerException.Cancelled gone) {
                detach(listener);
            }
        }
    }
}
