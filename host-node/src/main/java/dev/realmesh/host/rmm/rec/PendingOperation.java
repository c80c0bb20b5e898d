// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.host.rmm.rec;

import dev.realmesh.cca.abi.GeneralRegisters;
import dev.realmesh.cca.abi.IntermediatePhysicalAddress;
import dev.realmesh.cca.abi.Ripas;
import dev.realmesh.host.machine.Syndrome;

/// What a REC waits for since its last exit.
public sealed interface PendingOperation {
    /// Nothing: it goes on where it was.
    record None() implements PendingOperation {}

    /// The host's answer to an access of shared memory, or to nothing if it just maps something there.
    ///
    /// @param syndrome the access
    record SharedAccess(Syndrome syndrome) implements PendingOperation {
        /// Whether the host may emulate the access.
        public boolean isEmulatable() {
            return syndrome.isTransferValid();
        }
    }

    /// The host's answer to RSI_HOST_CALL.
    ///
    /// @param block where the Realm's structure is
    record HostCall(IntermediatePhysicalAddress block) implements PendingOperation {}

    /// The host's RTT_SET_RIPAS calls.
    ///
    /// @param next where the next of them must begin
    /// @param top end of the range
    /// @param ripas what the range shall become
    /// @param changeDestroyed whether DESTROYED pages may become RAM
    record RipasChange(
            IntermediatePhysicalAddress next, IntermediatePhysicalAddress top, Ripas ripas, boolean changeDestroyed)
            implements PendingOperation {
        /// The rest after the host came to `reached`.
        public RipasChange reaching(IntermediatePhysicalAddress reached) {
            return new RipasChange(reached, top, ripas, changeDestroyed);
        }
    }

    /// The host's PSCI_COMPLETE.
    sealed interface Psci extends PendingOperation {
        /// The processor that the call names.
        long mpidr();
    }

    /// PSCI CPU_ON.
    ///
    /// @param mpidr the processor to start
    /// @param entryPoint where it starts
    /// @param contextId its x0
    record CpuOn(long mpidr, long entryPoint, long contextId) implements Psci {
        /// Registers that the processor starts with.
        public GeneralRegisters registers() {
            return GeneralRegisters.of(contextId);
        }
    }

    /// PSCI AFFINITY_INFO.
    ///
    /// @param mpidr the processor that is asked about
    record AffinityInfo(long mpidr) implements Psci {}
}
