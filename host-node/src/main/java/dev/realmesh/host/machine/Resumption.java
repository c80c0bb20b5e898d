// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.host.machine;

/// How the RMM lets a processor run again.
public sealed interface Resumption {
    /// Registers that the processor runs with.
    Registers registers();

    /// At the program counter.
    record Continue(Registers registers) implements Resumption {}

    /// With a synchronous exception, which the processor takes at its own exception level: the access that trapped
    /// failed with an external abort, or the instruction is undefined.
    ///
    /// @param registers registers at the instruction
    /// @param esr syndrome that the Realm's ESR_EL1 shows
    /// @param far address that the Realm's FAR_EL1 shows
    record Abort(Registers registers, long esr, long far) implements Resumption {}
}
