// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.host.rmm.rmi;

import dev.realmesh.cca.abi.RmiResult;
import dev.realmesh.cca.abi.RmiStatus;
import dev.realmesh.host.rmm.granule.Claim;
import dev.realmesh.host.rmm.granule.GranuleState;
import dev.realmesh.host.rmm.granule.Hold;
import dev.realmesh.host.rmm.monitor.SecureMonitor;

/// RMI_GRANULE_UNDELEGATE(addr): the host gets a granule back, scrubbed.
final class GranuleUndelegate implements RmiHandler {
    private final World world;
    private final SecureMonitor monitor;

    GranuleUndelegate(World world, SecureMonitor monitor) {
        this.world = world;
        this.monitor = monitor;
    }

    @Override
    public RmiResult handle(Arguments x) {
        Claim granule = world.claim(x.pa(1), GranuleState.DELEGATED);
        try (Hold hold = world.hold(granule)) {
            world.memory().scrub(x.pa(1));
            if (!monitor.undelegate(x.pa(1))) {
                throw new IllegalStateException("granule " + x.pa(1) + ": EL3 keeps it (expected: a delegated one)");
            }
            hold.move(granule.granule(), GranuleState.NS);
            return RmiResult.of(RmiStatus.SUCCESS);
        }
    }
}
