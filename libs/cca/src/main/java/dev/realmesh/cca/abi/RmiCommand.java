// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.cca.abi;

import java.util.Optional;

/// The commands of the Realm Management Interface 1.0, which the host calls by SMC.
public enum RmiCommand {
    VERSION(0x00),
    GRANULE_DELEGATE(0x01),
    GRANULE_UNDELEGATE(0x02),
    DATA_CREATE(0x03),
    DATA_CREATE_UNKNOWN(0x04),
    DATA_DESTROY(0x05),
    REALM_ACTIVATE(0x07),
    REALM_CREATE(0x08),
    REALM_DESTROY(0x09),
    REC_CREATE(0x0A),
    REC_DESTROY(0x0B),
    REC_ENTER(0x0C),
    RTT_CREATE(0x0D),
    RTT_DESTROY(0x0E),
    RTT_MAP_UNPROTECTED(0x0F),
    RTT_READ_ENTRY(0x11),
    RTT_UNMAP_UNPROTECTED(0x12),
    PSCI_COMPLETE(0x14),
    FEATURES(0x15),
    RTT_FOLD(0x16),
    REC_AUX_COUNT(0x17),
    RTT_INIT_RIPAS(0x18),
    RTT_SET_RIPAS(0x19);

    /// The interface version that these commands are of: major 1, minor 0.
    public static final long VERSION_1_0 = 0x1_0000;

    private static final long BASE = 0xC400_0150L;
    private static final RmiCommand[] BY_NUMBER = new RmiCommand[0x20];

    static {
        for (RmiCommand command : values()) {
            BY_NUMBER[command.number] = command;
        }
    }

    private final int number;

    RmiCommand(int number) {
        this.number = number;
    }

    /// The command that `fid` names, if it is one of RMI 1.0.
    public static Optional<RmiCommand> of(long fid) {
        long number = fid - BASE;
        return number < 0 || number >= BY_NUMBER.length
                ? Optional.empty()
                : Optional.ofNullable(BY_NUMBER[(int) number]);
    }

    /// The SMC function identifier, x0 of the call.
    public long fid() {
        return BASE + number;
    }
}
