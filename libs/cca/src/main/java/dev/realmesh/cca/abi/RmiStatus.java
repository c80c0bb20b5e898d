// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.cca.abi;

/// What an RMI command returns in x0: a code in bits 7:0 and an index in bits 15:8.
///
/// @param code the outcome
/// @param index for ERROR_RTT the level where the walk ended; for ERROR_REALM of REC_ENTER the Realm's state
public record RmiStatus(Code code, int index) {
    /// The command did what it was asked to.
    public static final RmiStatus SUCCESS = new RmiStatus(Code.SUCCESS, 0);
    /// An argument is invalid.
    public static final RmiStatus ERROR_INPUT = new RmiStatus(Code.ERROR_INPUT, 0);
    /// The Realm's state forbids the command.
    public static final RmiStatus ERROR_REALM = new RmiStatus(Code.ERROR_REALM, 0);
    /// The REC's state forbids the command.
    public static final RmiStatus ERROR_REC = new RmiStatus(Code.ERROR_REC, 0);

    private static final long UNKNOWN_FUNCTION = -1;

    /// Outcomes.
    public enum Code {
        SUCCESS(0),
        ERROR_INPUT(1),
        ERROR_REALM(2),
        ERROR_REC(3),
        ERROR_RTT(4),
        /// Not a code of RMI: SMC answered -1, as no such function exists.
        UNKNOWN_FUNCTION(-1);

        private final int number;

        Code(int number) {
            this.number = number;
        }

        private static Code of(int number) {
            for (Code code : values()) {
                if (code.number == number) {
                    return code;
                }
            }
            throw new IllegalArgumentException("RMI status: code " + number + " (expected: 0-4)");
        }
    }

    /// ERROR_RTT: the walk ended at `level`.
    public static RmiStatus errorRtt(int level) {
        return new RmiStatus(Code.ERROR_RTT, level);
    }

    /// The status of x0.
    ///
    /// @throws IllegalArgumentException if RMI 1.0 has no such code
    public static RmiStatus of(long x0) {
        if (x0 == UNKNOWN_FUNCTION) {
            return new RmiStatus(Code.UNKNOWN_FUNCTION, 0);
        }
        return new RmiStatus(Code.of((int) (x0 & 0xFF)), (int) (x0 >>> 8));
    }

    /// The value of x0.
    public long value() {
        return code == Code.UNKNOWN_FUNCTION ? UNKNOWN_FUNCTION : code.number | (long) index << 8;
    }

    /// Whether the command succeeded.
    public boolean isSuccess() {
        return code == Code.SUCCESS;
    }

    @Override
    public String toString() {
        return code == Code.ERROR_RTT || index != 0 ? code + ":" + index : code.toString();
    }
}
