// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.keybroker.rcar;

import dev.realmesh.cca.Bytes;
import dev.realmesh.kbs.Initdata;
import dev.realmesh.kbs.TeePublicKey;
import dev.realmesh.kbs.message.Proof;
import java.util.Optional;

/// What a guest sends in answer to a challenge.
///
/// @param teePublicKey the key that secrets shall be sealed to
/// @param proof evidence, or what a verifier found in it
/// @param initdata the document that the Realm was launched with, absent if there is none
/// @param remarks for the verifier's record
public record Attestation(TeePublicKey teePublicKey, Proof proof, Optional<Initdata> initdata, Remarks remarks) {
    /// What a verifier keeps beside a result; nothing is decided by it.
    ///
    /// @param realmLabel what the host calls the Realm; empty if unknown; not verified
    /// @param eventLog what the Realm says that it has run, which the verifier compares with the evidence; may be empty
    public record Remarks(String realmLabel, Bytes eventLog) {
        /// Nothing.
        public static final Remarks NONE = new Remarks("", Bytes.EMPTY);
    }
}
