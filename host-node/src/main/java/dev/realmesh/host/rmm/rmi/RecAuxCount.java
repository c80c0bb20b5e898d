// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.host.rmm.rmi;

import dev.realmesh.cca.abi.RmiResult;
import dev.realmesh.cca.abi.RmiStatus;
import dev.realmesh.host.rmm.granule.Claim;
import dev.realmesh.host.rmm.granule.GranuleState;

/// RMI_REC_AUX_COUNT(rd): how many auxiliary granules a REC of the Realm takes.
final class RecAuxCount implements RmiHandler {
    /// The number, for every Realm.
    static final int COUNT = 16;

    private final World world;

    RecAuxCount(World world) {
        this.world = world;
    }

    @Override
    public RmiResult handle(Arguments x) {
        Claim rd = world.claim(x.pa(1), GranuleState.RD);
        world.hold(rd).close();
        return RmiResult.of(RmiStatus.SUCCESS, COUNT);
    }
}
