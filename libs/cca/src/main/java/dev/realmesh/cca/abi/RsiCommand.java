// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.cca.abi;

import java.util.Optional;

/// The commands of the Realm Services Interface 1.0, which a Realm calls by SMC.
public enum RsiCommand {
    VERSION(0),
    FEATURES(1),
    MEASUREMENT_READ(2),
    MEASUREMENT_EXTEND(3),
    ATTEST_TOKEN_INIT(4),
    ATTEST_TOKEN_CONTINUE(5),
    REALM_CONFIG(6),
    IPA_STATE_SET(7),
    IPA_STATE_GET(8),
    HOST_CALL(9);

    /// The interface version that these commands are of: major 1, minor 0.
    public static final long VERSION_1_0 = 0x1_0000;

    private static final long BASE = 0xC400_0190L;
    private static final RsiCommand[] BY_NUMBER = values();

    private final int number;

    RsiCommand(int number) {
        this.number = number;
    }

    /// The command that `fid` names, if it is one of RSI 1.0.
    public static Optional<RsiCommand> of(long fid) {
        long number = fid - BASE;
        return number < 0 || number >= BY_NUMBER.length ? Optional.empty() : Optional.of(BY_NUMBER[(int) number]);
    }

    /// The SMC function identifier, x0 of the call.
    public long fid() {
        return BASE + number;
    }
}
