// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.keybroker.rcar;

import dev.realmesh.cca.Bytes;
import dev.realmesh.kbs.Initdata;
import dev.realmesh.kbs.TeePublicKey;
import java.util.Optional;

/// What a guest sends in answer to a challenge.
///
/// @param teePublicKey the key that secrets shall be sealed to
/// @param evidence the CCA token; 1 byte to 64 KiB
/// @param initdata the document that the Realm was launched with, absent if there is none
/// @param realmLabel what the host calls the Realm; empty if unknown; not verified
public record Attestation(TeePublicKey teePublicKey, Bytes evidence, Optional<Initdata> initdata, String realmLabel) {
    /// Largest evidence, in bytes.
    public static final int MAX_EVIDENCE_BYTES = 64 << 10;

    public Attestation {
        if (evidence.isEmpty() || evidence.size() > MAX_EVIDENCE_BYTES) {
            throw new RcarException.NotEvidence(evidence.size() + " bytes (expected: 1 to " + MAX_EVIDENCE_BYTES + ")");
        }
    }
}
