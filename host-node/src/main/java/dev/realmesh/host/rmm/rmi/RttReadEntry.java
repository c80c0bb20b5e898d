// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.host.rmm.rmi;

import static dev.realmesh.host.rmm.rmi.Refusal.requireInput;

import dev.realmesh.cca.abi.IntermediatePhysicalAddress;
import dev.realmesh.cca.abi.RmiResult;
import dev.realmesh.cca.abi.RmiStatus;
import dev.realmesh.host.rmm.granule.Claim;
import dev.realmesh.host.rmm.granule.GranuleState;
import dev.realmesh.host.rmm.granule.Hold;
import dev.realmesh.host.rmm.realm.Realm;
import dev.realmesh.host.rmm.rtt.IpaSpace;
import dev.realmesh.host.rmm.rtt.RttEntry;
import dev.realmesh.host.rmm.rtt.RttWalk;

/// RMI_RTT_READ_ENTRY(rd, ipa, level): shows the host an entry; where the walk ends before `level`, the one there.
final class RttReadEntry implements RmiHandler {
    private final World world;

    RttReadEntry(World world) {
        this.world = world;
    }

    @Override
    public RmiResult handle(Arguments x) {
        IntermediatePhysicalAddress ipa = x.ipa(2);
        Claim rd = world.claim(x.pa(1), GranuleState.RD);
        try (Hold hold = world.hold(rd)) {
            Realm realm = world.realm(hold, rd);
            IpaSpace space = realm.translation().space();
            requireInput(x.x(3) >= space.startLevel() && x.x(3) <= IpaSpace.LAST_LEVEL);
            int level = (int) x.x(3);
            RttArguments.requireEntry(space, ipa, level);
            RttWalk walk = realm.translation().walk(ipa, level);
            RttEntry entry = walk.entry();
            return new RmiResult(
                    RmiStatus.SUCCESS,
                    walk.level(),
                    entry.state().number(),
                    entry.descriptor(),
                    entry.ripas().number());
        }
    }
}
