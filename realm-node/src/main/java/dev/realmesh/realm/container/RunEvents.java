// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.realm.container;

/// Who is told what happens in a run. Thread-safe.
@FunctionalInterface
public interface RunEvents {
    /// Takes an event; blocks while the listener cannot take more, which is how a slow listener slows the container
    /// down.
    ///
    /// @throws ContainerException.Cancelled if nobody listens any more
    void accept(RunEvent event);
}
