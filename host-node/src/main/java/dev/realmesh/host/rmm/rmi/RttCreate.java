// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.host.rmm.rmi;

import static dev.realmesh.host.rmm.rmi.Refusal.require;

import dev.realmesh.cca.abi.IntermediatePhysicalAddress;
import dev.realmesh.cca.abi.RmiResult;
import dev.realmesh.cca.abi.RmiStatus;
import dev.realmesh.host.rmm.granule.Claim;
import dev.realmesh.host.rmm.granule.GranuleState;
import dev.realmesh.host.rmm.granule.Hold;
import dev.realmesh.host.rmm.realm.Realm;
import dev.realmesh.host.rmm.rtt.RttEntry;
import dev.realmesh.host.rmm.rtt.RttWalk;

/// RMI_RTT_CREATE(rd, rtt, ipa, level): puts a table where an entry was; together its entries are what that was.
final class RttCreate implements RmiHandler {
    private final World world;

    RttCreate(World world) {
        this.world = world;
    }

    @Override
    public RmiResult handle(Arguments x) {
        IntermediatePhysicalAddress ipa = x.ipa(3);
        Claim rtt = world.claim(x.pa(2), GranuleState.DELEGATED);
        Claim rd = world.claim(x.pa(1), GranuleState.RD);
        try (Hold hold = world.hold(rtt, rd)) {
            Realm realm = world.realm(hold, rd);
            RttArguments.requireTable(realm, ipa, x.x(4));
            int parentLevel = (int) x.x(4) - 1;
            RttWalk walk = realm.translation().walk(ipa, parentLevel);
            boolean free = walk.level() == parentLevel && !(walk.entry() instanceof RttEntry.Table);
            require(free, RmiStatus.errorRtt(walk.level()));
            hold.move(rtt.granule(), GranuleState.RTT);
            realm.translation().unfold(walk, rtt.granule().address());
            return RmiResult.of(RmiStatus.SUCCESS);
        }
    }
}
