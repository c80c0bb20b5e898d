// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.cca.abi;

/// Return codes of RSI 1.0.
public enum RsiStatus {
    SUCCESS(0),
    ERROR_INPUT(1),
    ERROR_STATE(2),
    INCOMPLETE(3);

    private static final RsiStatus[] BY_CODE = values();

    private final int code;

    RsiStatus(int code) {
        this.code = code;
    }

    /// The status of x0.
    ///
    /// @throws IllegalArgumentException if RSI 1.0 has no such code
    public static RsiStatus of(long x0) {
        if (x0 < 0 || x0 >= BY_CODE.length) {
            throw new IllegalArgumentException("RSI status: " + x0 + " (expected: 0-3)");
        }
        return BY_CODE[(int) x0];
    }

    /// The value of x0.
    public long code() {
        return code;
    }
}
