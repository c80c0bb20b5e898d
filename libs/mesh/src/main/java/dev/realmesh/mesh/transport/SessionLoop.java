// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.mesh.transport;

import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;

/// The one thread at a time that a session lives on: everything about a session's state happens there, in the
/// order that it was asked for.
public interface SessionLoop extends Executor {
    /// Whether the caller is on the loop.
    boolean inLoop();

    /// Timers; what they run need not be on the loop.
    ScheduledExecutorService scheduler();
}
