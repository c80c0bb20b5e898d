// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.cca.abi;

/// Return codes of PSCI.
public enum PsciStatus {
    SUCCESS(0),
    NOT_SUPPORTED(-1),
    INVALID_PARAMETERS(-2),
    DENIED(-3),
    ALREADY_ON(-4),
    INVALID_ADDRESS(-9);

    private final long code;

    PsciStatus(long code) {
        this.code = code;
    }

    /// The value of x0.
    public long code() {
        return code;
    }
}
