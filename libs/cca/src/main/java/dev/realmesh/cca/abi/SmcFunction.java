// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.cca.abi;

/// How a call by SMC names its function (SMC calling convention, DEN0028).
public final class SmcFunction {
    /// SMCCC_VERSION, a function that every callee has.
    public static final long VERSION = 0x8000_0000L;
    /// What [#VERSION] returns: major 1, minor 2.
    public static final long VERSION_1_2 = 0x1_0002;
    /// What x0 is if there is no such function.
    public static final long UNKNOWN = -1;

    private static final long IDENTIFIER = 0xFFFF_FFFFL;
    private static final long SVE_HINT = 1 << 16;

    private SmcFunction() {}

    /// The function identifier in x0: its low half, without the hint that the caller's SVE registers are unused.
    public static long of(long x0) {
        return x0 & IDENTIFIER & ~SVE_HINT;
    }
}
