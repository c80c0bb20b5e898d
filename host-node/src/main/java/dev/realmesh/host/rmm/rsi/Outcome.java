// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.host.rmm.rsi;

import dev.realmesh.cca.abi.GeneralRegisters;
import dev.realmesh.cca.abi.IntermediatePhysicalAddress;
import dev.realmesh.cca.abi.PsciStatus;
import dev.realmesh.cca.abi.RecExit;
import dev.realmesh.cca.abi.RsiStatus;

/// What becomes of a Realm's SMC.
public sealed interface Outcome {
    /// It returns to the Realm: x0, x1, … are `results`, and those up to x3 that it leaves out are zero.
    record Return(GeneralRegisters results) implements Outcome {}

    /// The REC exits to the host; the call is done, or is completed when the host enters again.
    ///
    /// @param exit what the host is told
    /// @param results as in [Return]; none if registers stay until the host answered
    record Leave(RecExit exit, GeneralRegisters results) implements Outcome {}

    /// A buffer that the call names is not mapped: the host is told so, and the Realm calls again.
    ///
    /// @param ipa the buffer
    /// @param level where the walk ended
    record Unmapped(IntermediatePhysicalAddress ipa, int level) implements Outcome {}

    /// Returns `status` and values.
    static Outcome of(RsiStatus status, long... values) {
        GeneralRegisters results = GeneralRegisters.zero(Math.max(RESULTS, 1 + values.length));
        return new Return(results.withFirst(prepend(status.code(), values)));
    }

    /// Returns a PSCI status.
    static Outcome of(PsciStatus status) {
        return new Return(results(status.code()));
    }

    /// Registers x0 to x3 with a value for x0.
    static GeneralRegisters results(long x0) {
        return GeneralRegisters.of(x0).resized(RESULTS);
    }

    /// Registers that every call overwrites.
    int RESULTS = 4;

    private static long[] prepend(long first, long[] values) {
        long[] all = new long[1 + values.length];
        all[0] = first;
        System.arraycopy(values, 0, all, 1, values.length);
        return all;
    }
}
