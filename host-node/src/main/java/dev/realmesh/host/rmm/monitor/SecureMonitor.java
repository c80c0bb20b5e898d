// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.host.rmm.monitor;

import dev.realmesh.cca.Bytes;
import dev.realmesh.cca.abi.PhysicalAddress;
import java.security.KeyPair;

/// EL3, as the RMM sees it (RMM-EL3 interface).
public interface SecureMonitor {
    /// GTSI_DELEGATE: gives a granule of the host to the Realm world; false if it is not the host's to give.
    boolean delegate(PhysicalAddress granule);

    /// GTSI_UNDELEGATE: gives a granule back to the host; false if it is not the Realm world's.
    boolean undelegate(PhysicalAddress granule);

    /// GET_REALM_KEY: the Realm attestation key (RAK), P-384, one per boot.
    KeyPair realmAttestationKey();

    /// GET_PLAT_TOKEN: the platform token over `challenge`, which is the hash of the RAK's public half.
    Bytes platformToken(Bytes challenge);
}
