// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.cca.eventlog;

import dev.realmesh.cca.Bytes;
import java.util.List;
import java.util.OptionalInt;

/// An entry of a log (TCG_PCR_EVENT2).
///
/// @param register number of the TPM's register that it would extend
/// @param type what it is; one of the constants here, or another of TCG
/// @param digests what it extends by, at most one by an algorithm
/// @param data what else it tells
public record LogEvent(int register, int type, List<LogDigest> digests, Bytes data) {
    /// Tells something and extends nothing.
    public static final int NO_ACTION = 0x3;
    /// Tells something that a number tags.
    public static final int TAGGED = 0x6;
    /// Code that was loaded.
    public static final int POST_CODE_2 = 0x13;
    /// Firmware that was loaded.
    public static final int FIRMWARE_BLOB_2 = 0x8000_000A;

    /// The register that stands for the RIM.
    public static final int RIM_REGISTER = 0;

    public LogEvent {
        digests = List.copyOf(digests);
    }

    /// Which REM it extends, 0 to 3; none if it tells of the RIM, or extends nothing. TPM registers are mapped as UEFI
    /// 2.10, 38.4 does it.
    public OptionalInt realmRegister() {
        if (register == RIM_REGISTER || type == NO_ACTION) {
            return OptionalInt.empty();
        }
        return OptionalInt.of(
                switch (register) {
                    case 1, 7 -> 0;
                    case 2, 3, 4, 5, 6 -> 1;
                    case 8, 9, 10, 11, 12, 13, 14, 15 -> 2;
                    default -> 3;
                });
    }
}
