// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.host.rmm.rmi;

import static dev.realmesh.host.rmm.rmi.Refusal.require;
import static dev.realmesh.host.rmm.rmi.Refusal.requireInput;

import dev.realmesh.cca.abi.IntermediatePhysicalAddress;
import dev.realmesh.cca.abi.RmiResult;
import dev.realmesh.cca.abi.RmiStatus;
import dev.realmesh.host.rmm.granule.Claim;
import dev.realmesh.host.rmm.granule.GranuleState;
import dev.realmesh.host.rmm.granule.Hold;
import dev.realmesh.host.rmm.realm.Realm;
import dev.realmesh.host.rmm.rtt.RttEntry;
import dev.realmesh.host.rmm.rtt.RttWalk;

/// RMI_RTT_MAP_UNPROTECTED(rd, ipa, level, desc): maps memory of the host into the shared half.
final class RttMapUnprotected implements RmiHandler {
    private final World world;

    RttMapUnprotected(World world) {
        this.world = world;
    }

    @Override
    public RmiResult handle(Arguments x) {
        IntermediatePhysicalAddress ipa = x.ipa(2);
        long descriptor = x.x(4);
        Claim rd = world.claim(x.pa(1), GranuleState.RD);
        try (Hold hold = world.hold(rd)) {
            Realm realm = world.realm(hold, rd);
            RttArguments.requireSharedEntry(realm, ipa, x.x(3));
            int level = (int) x.x(3);
            requireInput(realm.translation().admits(descriptor, level));
            RttWalk walk = realm.translation().walk(ipa, level);
            boolean free = walk.level() == level && walk.entry() instanceof RttEntry.UnassignedShared;
            require(free, RmiStatus.errorRtt(walk.level()));
            realm.translation().set(walk, new RttEntry.AssignedShared(descriptor));
            return RmiResult.of(RmiStatus.SUCCESS);
        }
    }
}
