// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.host.machine;

import dev.realmesh.cca.abi.IntermediatePhysicalAddress;
import dev.realmesh.cca.abi.PhysicalAddress;
import java.util.concurrent.locks.Lock;

/// A Realm's stage 2 translation, as the processor's walker sees it. The tables are the RMM's.
public interface StageTwo {
    /// While it is held, translations stay as they are.
    Lock lock();

    /// Where `ipa` leads.
    Translation translate(IntermediatePhysicalAddress ipa);

    /// The end of a walk.
    sealed interface Translation {
        /// Memory of the Realm, under its encryption context.
        record Private(PhysicalAddress address) implements Translation {}

        /// Memory of the host.
        record Shared(PhysicalAddress address) implements Translation {}

        /// Nothing is mapped; the walk ended at an entry of `level`.
        record Unmapped(int level) implements Translation {}
    }
}
