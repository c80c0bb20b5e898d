// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.host.rmm.monitor;

import dev.realmesh.cca.abi.PhysicalAddress;
import dev.realmesh.host.machine.MecId;

/// The services of EL3 for memory.
public interface MemoryServices {
    /// GTSI_DELEGATE: gives a granule of the host to the Realm world.
    GtsiStatus delegate(PhysicalAddress granule);

    /// GTSI_UNDELEGATE: gives a granule back to the host.
    GtsiStatus undelegate(PhysicalAddress granule);

    /// MEC_REFRESH: gives a memory encryption context a fresh key. The RMM asks for it when a Realm gets the context,
    /// and again when it lets it go, so that what the Realm left can be read by nobody.
    void refreshEncryption(MecId mecId);
}
