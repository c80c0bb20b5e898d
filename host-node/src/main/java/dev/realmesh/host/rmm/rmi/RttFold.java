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
import dev.realmesh.host.rmm.rtt.IpaSpace;
import dev.realmesh.host.rmm.rtt.RttEntry;
import dev.realmesh.host.rmm.rtt.RttTable;
import dev.realmesh.host.rmm.rtt.RttWalk;

/// RMI_RTT_FOLD(rd, ipa, level): replaces a table whose entries are alike by one entry.
final class RttFold implements RmiHandler {
    private static final int FIRST_BLOCK_LEVEL = 1;

    private final World world;

    RttFold(World world) {
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
                throw new Refusal(RmiStatus.errorRtt(walk.level()));
            }
            RttTable table = realm.translation().table(walk, entry);
            realm.translation().fold(walk, table, folded(table));
            world.release(world.granule(table.address()), GranuleState.RTT);
            return RmiResult.of(RmiStatus.SUCCESS, table.address().value());
        }
    }

    /// What the table becomes. A table that maps all it can is refused with the level of its parent if no block can
    /// stand there.
    private static RttEntry folded(RttTable table) {
        RmiStatus noBlock = RmiStatus.errorRtt(table.level() - 1);
        boolean blockAllowed = table.level() > FIRST_BLOCK_LEVEL;
        require(table.references() < IpaSpace.ENTRIES || blockAllowed, noBlock);
        RttEntry entry = table.folded().orElseThrow(() -> new Refusal(RmiStatus.errorRtt(table.level())));
        require(!(entry instanceof RttEntry.AssignedShared) || blockAllowed, noBlock);
        return entry;
    }
}
