// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.host.rmm.rmi;

import static dev.realmesh.host.rmm.rmi.Refusal.require;

import dev.realmesh.cca.abi.RmiResult;
import dev.realmesh.cca.abi.RmiStatus;
import dev.realmesh.host.machine.Machine;
import dev.realmesh.host.rmm.granule.Claim;
import dev.realmesh.host.rmm.granule.GranuleState;
import dev.realmesh.host.rmm.granule.Hold;
import dev.realmesh.host.rmm.rec.Rec;

/// RMI_REC_DESTROY(rec): a virtual processor that is not running is gone.
final class RecDestroy implements RmiHandler {
    private final World world;
    private final Machine machine;

    RecDestroy(World world, Machine machine) {
        this.world = world;
        this.machine = machine;
    }

    @Override
    public RmiResult handle(Arguments x) {
        Claim granule = world.claim(x.pa(1), GranuleState.REC);
        try (Hold hold = world.hold(granule)) {
            Rec rec = world.rec(hold, granule);
            require(!rec.isRunning(), RmiStatus.ERROR_REC);
            rec.retireProcessor(machine);
            rec.aux().forEach(aux -> world.release(aux, GranuleState.REC_AUX));
            world.recs().remove(rec);
            hold.move(granule.granule(), GranuleState.DELEGATED);
            rec.realm().removeRec();
            return RmiResult.of(RmiStatus.SUCCESS);
        }
    }
}
