// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.host.rmm.monitor;

import dev.realmesh.cca.Bytes;
import java.security.KeyPair;

/// EL3, as the RMM sees it (RMM-EL3 interface).
public interface SecureMonitor extends MemoryServices {
    /// GET_REALM_KEY: the Realm attestation key (RAK), P-384, one per boot.
    KeyPair realmAttestationKey();

    /// GET_PLAT_TOKEN: the platform token over `challenge`, which is the hash of the RAK's public half.
    ///
    /// @param challenge 32, 48 or 64 bytes
    Bytes platformToken(Bytes challenge);
}
