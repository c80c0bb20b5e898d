// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.host.rmm.rmi;

import dev.realmesh.cca.abi.RmiResult;
import dev.realmesh.cca.abi.RmiStatus;
import dev.realmesh.host.rmm.granule.Claim;
import dev.realmesh.host.rmm.granule.GranuleState;
import dev.realmesh.host.rmm.granule.Hold;
import dev.realmesh.host.rmm.monitor.GtsiStatus;
import dev.realmesh.host.rmm.monitor.MemoryServices;

/// RMI_GRANULE_UNDELEGATE(addr): the host gets a granule back, scrubbed.
final class GranuleUndelegate implements RmiHandler {
    private final World world;
    private final MemoryServices monitor;

    GranuleUndelegate(World world, MemoryServices monitor) {
        this.world = world;
        this.monitor = monitor;
    }

    @Override
    public RmiResult handle(Arguments x) {
        Claim granule = world.claim(x.pa(1), GranuleState.DELEGATED);
        try (Hold hold = world.hold(granule)) {
            world.memory().scrub(x.pa(1));
            GtsiStatus status = monitor.undelegate(x.pa(1));
            if (status != GtsiStatus.SUCCESS) {
                throw new IllegalStateException("granule " + x.pa(1) + ": " + status + " (expected: a delegated one)");
            }
            hold.move(granule.granule(), GranuleState.NS);
            return RmiResult.of(RmiStatus.SUCCESS);
        }
    }
}
