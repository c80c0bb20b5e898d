// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.host.rmm.rmi;

import static dev.realmesh.host.rmm.rmi.Refusal.require;

import dev.realmesh.cca.abi.RmiResult;
import dev.realmesh.cca.abi.RmiStatus;
import dev.realmesh.host.rmm.granule.Claim;
import dev.realmesh.host.rmm.granule.GranuleState;
import dev.realmesh.host.rmm.granule.Hold;
import dev.realmesh.host.rmm.realm.Realm;
import dev.realmesh.host.rmm.realm.RealmState;

/// RMI_REALM_ACTIVATE(rd): the measurement is final, and the Realm may run.
final class RealmActivate implements RmiHandler {
    private final World world;

    RealmActivate(World world) {
        this.world = world;
    }

    @Override
    public RmiResult handle(Arguments x) {
        Claim rd = world.claim(x.pa(1), GranuleState.RD);
        try (Hold hold = world.hold(rd)) {
            Realm realm = world.realm(hold, rd);
            require(realm.state() == RealmState.NEW, RmiStatus.ERROR_REALM);
            realm.activate();
            return RmiResult.of(RmiStatus.SUCCESS);
        }
    }
}
