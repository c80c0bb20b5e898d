// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.host.machine;

/// Why a processor of a Realm came to the RMM.
public sealed interface Trap {
    /// An SMC instruction, at the program counter: the caller advances it.
    record Smc(Registers registers) implements Trap {}

    /// Any other synchronous exception: an abort, or a WFI or WFE that is trapped.
    record Synchronous(Registers registers, Syndrome syndrome) implements Trap {}

    /// An interrupt for the host; the Realm did nothing wrong and goes on later.
    record Interrupt(Registers registers, Kind kind) implements Trap {
        /// The interrupt's kind.
        public enum Kind {
            IRQ,
            FIQ
        }
    }

    /// The processor is gone and cannot run again.
    record Ended() implements Trap {}
}
