// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.host.vmm.plan;

import dev.realmesh.cca.abi.HashAlgorithm;
import dev.realmesh.cca.abi.RealmFeatures;

/// What each virtual processor of a Realm has; all of it is measured.
///
/// @param breakpoints hardware breakpoints, 2 to 64
/// @param watchpoints hardware watchpoints, 2 to 64
/// @param sveBits length of an SVE vector, a multiple of 128 up to 2048; 0 without SVE
/// @param pmu whether there are performance monitors
/// @param pmuCounters their event counters, 0 to 31
public record VirtualCpu(int breakpoints, int watchpoints, int sveBits, boolean pmu, int pmuCounters) {
    /// What `-cpu max` of QEMU 8.2 offers a Realm (`qemu-max-8.2` in `realm-measurements`).
    public static final VirtualCpu QEMU_MAX = new VirtualCpu(6, 4, 2048, true, 6);

    /// SVE vectors are whole multiples of this.
    public static final int SVE_UNIT_BITS = 128;
    private static final int MAX_SVE_BITS = 2048;
    private static final int MAX_POINTS = 64;
    private static final int MAX_COUNTERS = 31;

    public VirtualCpu {
        require("breakpoints", breakpoints, 2, MAX_POINTS);
        require("watchpoints", watchpoints, 2, MAX_POINTS);
        require("SVE bits", sveBits, 0, MAX_SVE_BITS);
        require("PMU counters", pmuCounters, 0, pmu ? MAX_COUNTERS : 0);
        if (sveBits % SVE_UNIT_BITS != 0) {
            throw new PlanException.BadMachine("SVE bits " + sveBits + " (expected: a multiple of 128)");
        }
    }

    /// What of a Realm of such processors goes into RmiRealmParams.
    ///
    /// @param ipaBits bits of an IPA
    public RealmFeatures features(int ipaBits, HashAlgorithm hash) {
        long flags = (sveBits > 0 ? RealmFeatures.FLAG_SVE : 0) | (pmu ? RealmFeatures.FLAG_PMU : 0);
        int sveVl = sveBits > 0 ? sveBits / SVE_UNIT_BITS - 1 : 0;
        return new RealmFeatures(flags, ipaBits, sveVl, breakpoints - 1, watchpoints - 1, pmuCounters, hash.number());
    }

    private static void require(String what, int value, int least, int most) {
        if (value < least || value > most) {
            throw new PlanException.BadMachine("%s %d (expected: %d to %d)".formatted(what, value, least, most));
        }
    }
}
