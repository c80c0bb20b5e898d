// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.host.machine;

/// A processing element while it executes a Realm: what happens between two traps to the RMM.
///
/// One thread runs it at a time; [#interrupt] and [#close] may come from any other.
public interface RealmProcessor extends AutoCloseable {
    /// Runs until the next trap; blocks meanwhile.
    Trap run(Resumption resumption);

    /// Makes the run that is under way, or the next one, end soon with an IRQ.
    void interrupt();

    /// Ends the processor for good; a run that is under way ends with [Trap.Ended].
    @Override
    void close();
}
