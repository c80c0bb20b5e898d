// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.cca.abi;

/// What an RMI command returns; registers that the command does not define are zero.
///
/// @param status x0
/// @param x1 first result
/// @param x2 second result
/// @param x3 third result
/// @param x4 fourth result
public record RmiResult(RmiStatus status, long x1, long x2, long x3, long x4) {
    /// Number of registers that a result fills.
    public static final int REGISTERS = 5;

    /// A result of nothing but `status`.
    public static RmiResult of(RmiStatus status) {
        return new RmiResult(status, 0, 0, 0, 0);
    }

    /// A result of one value.
    public static RmiResult of(RmiStatus status, long x1) {
        return new RmiResult(status, x1, 0, 0, 0);
    }

    /// A result of two values.
    public static RmiResult of(RmiStatus status, long x1, long x2) {
        return new RmiResult(status, x1, x2, 0, 0);
    }

    /// The result that registers x0 to x4 hold.
    public static RmiResult of(long[] registers) {
        return new RmiResult(RmiStatus.of(registers[0]), registers[1], registers[2], registers[3], registers[4]);
    }

    /// The result as registers x0 to x4.
    public long[] registers() {
        return new long[] {status.value(), x1, x2, x3, x4};
    }
}
