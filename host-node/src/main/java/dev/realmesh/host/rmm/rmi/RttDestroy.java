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
import dev.realmesh.host.rmm.rtt.RttTable;
import dev.realmesh.host.rmm.rtt.RttWalk;

/// RMI_RTT_DESTROY(rd, ipa, level): removes a table without live entries; what it described is DESTROYED.
final class RttDestroy implements RmiHandler {
    private final World world;

    RttDestroy(World world) {
        this.world = world;
    }

    @Override
    public RmiResult handle(Arguments x) {
        IntermediatePhysicalAddress ipa = x.ipa(2);
        Claim rd = world.claim(x.pa(1), GranuleState.RD);
        try (Hold hold = world.hold(rd)) {
            Realm realm = world.realm(hold, rd);
            RttArguments.requireTable(realm, ipa, x.x(3));
            int level = (int) x.x(3);
            RttWalk walk = realm.translation().walk(ipa, level - 1);
            if (walk.level() != level - 1 || !(walk.entry() instanceof RttEntry.Table entry)) {
                return RmiResult.of(
                        RmiStatus.errorRtt(walk.level()), 0, walk.endOfNonLive().value());
            }
            RttTable table = realm.translation().table(walk, entry);
            if (table.references() > 0) {
                return RmiResult.of(RmiStatus.errorRtt(level), 0, ipa.value());
            }
            realm.translation().prune(walk);
            world.release(world.granule(table.address()), GranuleState.RTT);
            return RmiResult.of(
                    RmiStatus.SUCCESS,
                    table.address().value(),
                    walk.endOfNonLive().value());
        }
    }
}
