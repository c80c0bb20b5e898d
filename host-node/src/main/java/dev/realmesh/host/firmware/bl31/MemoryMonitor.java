// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.host.firmware.bl31;

import dev.realmesh.cca.abi.PhysicalAddress;
import dev.realmesh.host.machine.GranuleTransition;
import dev.realmesh.host.machine.MecId;
import dev.realmesh.host.machine.RootMemory;
import dev.realmesh.host.rmm.monitor.GtsiStatus;
import dev.realmesh.host.rmm.monitor.MemoryServices;

/// BL31's part in memory: it moves granules between worlds, and gives encryption contexts new keys.
///
/// @param memory what EL3 may do to memory
public record MemoryMonitor(RootMemory memory) implements MemoryServices {
    @Override
    public GtsiStatus delegate(PhysicalAddress granule) {
        return status(memory.delegate(granule));
    }

    @Override
    public GtsiStatus undelegate(PhysicalAddress granule) {
        return status(memory.undelegate(granule));
    }

    @Override
    public void refreshEncryption(MecId mecId) {
        memory.refresh(mecId);
    }

    private static GtsiStatus status(GranuleTransition transition) {
        return switch (transition) {
            case DONE -> GtsiStatus.SUCCESS;
            case BAD_ADDRESS -> GtsiStatus.BAD_ADDRESS;
            case BAD_SPACE -> GtsiStatus.BAD_PAS;
        };
    }
}
