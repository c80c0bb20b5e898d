// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.host.rmm.census;

import dev.realmesh.cca.abi.PhysicalAddress;

/// A Realm execution context.
///
/// @param granule where it is
/// @param mpidr affinity of the processor
/// @param activity what it does
public record RecCensus(PhysicalAddress granule, long mpidr, Activity activity) {
    /// What a REC does.
    public enum Activity {
        /// The host may enter it.
        RUNNABLE,
        /// A thread of the host is inside.
        RUNNING,
        /// It left for something that the host answers when it enters again, or by RTT_SET_RIPAS before.
        WAITING,
        /// It left for something that the host must complete by PSCI_COMPLETE before it enters again.
        WAITING_FOR_PSCI,
        /// It is off.
        OFF
    }
}
