// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.host.rmm.rmi;

import static dev.realmesh.host.rmm.rmi.Refusal.require;

import dev.realmesh.cca.abi.RmiResult;
import dev.realmesh.cca.abi.RmiStatus;
import dev.realmesh.host.rmm.granule.Claim;
import dev.realmesh.host.rmm.granule.GranuleState;
import dev.realmesh.host.rmm.granule.Hold;
import dev.realmesh.host.rmm.realm.Realm;
import dev.realmesh.host.rmm.rtt.RttTable;

/// RMI_REALM_DESTROY(rd): a Realm without RECs and memory is gone, and so is the key of its memory.
final class RealmDestroy implements RmiHandler {
    private final World world;

    RealmDestroy(World world) {
        this.world = world;
    }

    @Override
    public RmiResult handle(Arguments x) {
        Claim rd = world.claim(x.pa(1), GranuleState.RD);
        try (Hold hold = world.hold(rd)) {
            Realm realm = world.realm(hold, rd);
            require(!realm.hasRecs(), RmiStatus.ERROR_REALM);
            require(!realm.translation().isInUse(), RmiStatus.ERROR_REALM);
            for (RttTable table : realm.translation().startTables()) {
                world.release(world.granule(table.address()), GranuleState.RTT);
            }
            world.mecIds().release(realm.mecId());
            world.realms().remove(realm);
            hold.move(rd.granule(), GranuleState.DELEGATED);
            return RmiResult.of(RmiStatus.SUCCESS);
        }
    }
}
