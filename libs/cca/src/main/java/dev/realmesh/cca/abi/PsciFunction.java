// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.cca.abi;

import java.util.Optional;

/// The functions of PSCI 1.1 that an RMM offers to a Realm.
public enum PsciFunction {
    VERSION(0x8400_0000L),
    CPU_SUSPEND_32(0x8400_0001L),
    CPU_SUSPEND(0xC400_0001L),
    CPU_OFF(0x8400_0002L),
    CPU_ON_32(0x8400_0003L),
    CPU_ON(0xC400_0003L),
    AFFINITY_INFO_32(0x8400_0004L),
    AFFINITY_INFO(0xC400_0004L),
    SYSTEM_OFF(0x8400_0008L),
    SYSTEM_RESET(0x8400_0009L),
    FEATURES(0x8400_000AL);

    /// What VERSION returns: major 1, minor 1.
    public static final long VERSION_1_1 = 0x1_0001;

    private static final long CALL_64 = 0x4000_0000L;

    private final long fid;

    PsciFunction(long fid) {
        this.fid = fid;
    }

    /// Whether `fid` lies in the number space of PSCI, offered or not.
    public static boolean owns(long fid) {
        long space = fid & ~0x1FL;
        return space == VERSION.fid || space == (VERSION.fid | CALL_64);
    }

    /// The function that `fid` names, if it is offered.
    public static Optional<PsciFunction> of(long fid) {
        for (PsciFunction function : values()) {
            if (function.fid == fid) {
                return Optional.of(function);
            }
        }
        return Optional.empty();
    }

    /// The SMC function identifier, x0 of the call.
    public long fid() {
        return fid;
    }
}
