// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.host.rmm.rmi;

import static dev.realmesh.host.rmm.rmi.Refusal.requireInput;

import dev.realmesh.cca.abi.RmiResult;
import dev.realmesh.cca.abi.RmiStatus;
import dev.realmesh.host.rmm.granule.Claim;
import dev.realmesh.host.rmm.granule.GranuleState;
import dev.realmesh.host.rmm.granule.Hold;
import dev.realmesh.host.rmm.monitor.GtsiStatus;
import dev.realmesh.host.rmm.monitor.MemoryServices;

/// RMI_GRANULE_DELEGATE(addr): the host gives a granule to the Realm world.
final class GranuleDelegate implements RmiHandler {
    private final World world;
    private final MemoryServices monitor;

    GranuleDelegate(World world, MemoryServices monitor) {
        this.world = world;
        this.monitor = monitor;
    }

    @Override
    public RmiResult handle(Arguments x) {
        Claim granule = world.claim(x.pa(1), GranuleState.NS);
        try (Hold hold = world.hold(granule)) {
            requireInput(monitor.delegate(x.pa(1)) == GtsiStatus.SUCCESS);
            hold.move(granule.granule(), GranuleState.DELEGATED);
            return RmiResult.of(RmiStatus.SUCCESS);
        }
    }
}
