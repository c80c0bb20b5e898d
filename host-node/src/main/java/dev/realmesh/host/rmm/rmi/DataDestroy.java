// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.host.rmm.rmi;

import dev.realmesh.cca.abi.IntermediatePhysicalAddress;
import dev.realmesh.cca.abi.Ripas;
import dev.realmesh.cca.abi.RmiResult;
import dev.realmesh.cca.abi.RmiStatus;
import dev.realmesh.host.rmm.granule.Claim;
import dev.realmesh.host.rmm.granule.GranuleState;
import dev.realmesh.host.rmm.granule.Hold;
import dev.realmesh.host.rmm.realm.Realm;
import dev.realmesh.host.rmm.rtt.IpaSpace;
import dev.realmesh.host.rmm.rtt.RttEntry;
import dev.realmesh.host.rmm.rtt.RttWalk;

/// RMI_DATA_DESTROY(rd, ipa): takes a page from a Realm, wiped. RAM becomes DESTROYED, so that the Realm notices.
final class DataDestroy implements RmiHandler {
    private final World world;

    DataDestroy(World world) {
        this.world = world;
    }

    @Override
    public RmiResult handle(Arguments x) {
        IntermediatePhysicalAddress ipa = x.ipa(2);
        Claim rd = world.claim(x.pa(1), GranuleState.RD);
        try (Hold hold = world.hold(rd)) {
            Realm realm = world.realm(hold, rd);
            RttArguments.requireProtectedPage(realm, ipa);
            RttWalk walk = realm.translation().walk(ipa, IpaSpace.LAST_LEVEL);
            if (walk.level() != IpaSpace.LAST_LEVEL || !(walk.entry() instanceof RttEntry.Assigned page)) {
                return RmiResult.of(
                        RmiStatus.errorRtt(walk.level()), 0, walk.endOfNonLive().value());
            }
            Ripas left = page.ripas() == Ripas.EMPTY ? Ripas.EMPTY : Ripas.DESTROYED;
            realm.translation().set(walk, new RttEntry.Unassigned(left));
            world.release(world.granule(page.address()), GranuleState.DATA);
            return RmiResult.of(
                    RmiStatus.SUCCESS,
                    page.address().value(),
                    walk.endOfNonLive().value());
        }
    }
}
