// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.host.vmm.plan;

import dev.realmesh.cca.abi.HashAlgorithm;
import dev.realmesh.cca.abi.RealmFeatures;
import dev.realmesh.cca.abi.RttGeometry;
import dev.realmesh.host.vmm.plan.BootOperation.CreateRec;
import dev.realmesh.host.vmm.plan.BootOperation.InitRipas;
import dev.realmesh.host.vmm.plan.BootOperation.LoadData;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// What every RMM 1.0 refuses (DEN0137 1.0, B4.3.1, B4.3.9, B4.3.18), whatever else it can: a RIM of such a Realm would
/// be one that no Realm ever has.
final class RmmRules {
    private static final int MIN_S2SZ = 32;
    private static final int MAX_S2SZ = 48;
    private static final int MAX_S2SZ_LPA2 = 52;

    private final long protectedTop;
    private final String bits;
    private final TreeMap<Long, LoadData> loaded = new TreeMap<>();

    private RmmRules(int s2sz) {
        this.protectedTop = new RttGeometry(s2sz).protectedTop();
        this.bits = s2sz + " IPA bits, of which the upper half is shared with the host";
    }

    static void check(RealmFeatures features, List<BootOperation> operations) {
        int most = features.has(RealmFeatures.FLAG_LPA2) ? MAX_S2SZ_LPA2 : MAX_S2SZ;
        if (features.s2sz() < MIN_S2SZ || features.s2sz() > most) {
            throw new PlanException.RmmRefuses(
                    "%d IPA bits (expected: %d to %d)".formatted(features.s2sz(), MIN_S2SZ, most));
        }
        if (features.numBps() == 0 || features.numWps() == 0) {
            throw new PlanException.RmmRefuses("1 breakpoint or watchpoint (expected: 2 of each at least)");
        }
        if (HashAlgorithm.of(features.hashAlgo()).isEmpty()) {
            throw new PlanException.RmmRefuses("hash algorithm %d (expected: 0 or 1)".formatted(features.hashAlgo()));
        }
        RmmRules rules = new RmmRules(features.s2sz());
        for (BootOperation operation : operations) {
            switch (operation) {
                case InitRipas ripas -> rules.check(ripas);
                case LoadData data -> rules.check(data);
                case CreateRec ignored -> {}
            }
        }
    }

    private void check(InitRipas ripas) {
        if (ripas.base() >= ripas.top() || (ripas.base() | ripas.top()) % BootPlan.PAGE != 0) {
            throw new PlanException.RmmRefuses(
                    "RAM from 0x%x to 0x%x (expected: whole pages)".formatted(ripas.base(), ripas.top()));
        }
        requireProtected("RAM", ripas.top());
    }

    private void check(LoadData data) {
        requireProtected(data.name(), data.top());
        Map.Entry<Long, LoadData> below = loaded.lowerEntry(data.top());
        if (below != null && below.getValue().top() > data.base()) {
            throw new PlanException.RmmRefuses("%s at 0x%x: a page of it is one of the %s (expected: pages of its own)"
                    .formatted(data.name(), data.loadAddress(), below.getValue().name()));
        }
        loaded.put(data.base(), data);
    }

    private void requireProtected(String what, long top) {
        if (Long.compareUnsigned(top, protectedTop) > 0) {
            throw new PlanException.RmmRefuses(
                    "%s ends at 0x%x (expected: at most 0x%x with %s)".formatted(what, top, protectedTop, bits));
        }
    }
}
