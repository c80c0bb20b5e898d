// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.host.rmm.rmi;

import dev.realmesh.cca.abi.IntermediatePhysicalAddress;
import dev.realmesh.cca.abi.RmiResult;
import dev.realmesh.cca.abi.RmiStatus;
import dev.realmesh.host.rmm.granule.Claim;
import dev.realmesh.host.rmm.granule.GranuleState;
import dev.realmesh.host.rmm.granule.Hold;
import dev.realmesh.host.rmm.realm.Realm;
import dev.realmesh.host.rmm.rtt.RttEntry;
import dev.realmesh.host.rmm.rtt.RttWalk;

/// RMI_RTT_UNMAP_UNPROTECTED(rd, ipa, level): takes memory of the host out of the shared half.
final class RttUnmapUnprotected implements RmiHandler {
    private final World world;

    RttUnmapUnprotected(World world) {
        this.world = world;
    }

    @Override
    public RmiResult handle(Arguments x) {
        IntermediatePhysicalAddress ipa = x.ipa(2);
        Claim rd = world.claim(x.pa(1), GranuleState.RD);
        try (Hold hold = world.hold(rd)) {
            Realm realm = world.realm(hold, rd);
            RttArguments.requireSharedEntry(realm, ipa, x.x(3));
            int level = (int) x.x(3);
            RttWalk walk = realm.translation().walk(ipa, level);
            if (walk.level() != level || !(walk.entry() instanceof RttEntry.AssignedShared)) {
                return RmiResult.of(
                        RmiStatus.errorRtt(walk.level()), walk.endOfNonLive().value());
            }
            realm.translation().set(walk, new RttEntry.UnassignedShared());
            return RmiResult.of(RmiStatus.SUCCESS, walk.endOfNonLive().value());
        }
    }
}
