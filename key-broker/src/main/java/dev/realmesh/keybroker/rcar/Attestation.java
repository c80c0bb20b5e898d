// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.keybroker.rcar;

import dev.realmesh.kbs.Initdata;
import dev.realmesh.kbs.TeePublicKey;
import dev.realmesh.kbs.message.Proof;
import java.util.Optional;

/// What a guest sends in answer to a challenge.
///
/// @param teePublicKey the key that secrets shall be sealed to
/// @param proof evidence, or what a verifier found in it
/// @param initdata the document that the Realm was launched with, absent if there is none
/// @param realmLabel what the host calls the Realm; empty if unknown; not verified
public record Attestation(TeePublicKey teePublicKey, Proof proof, Optional<Initdata> initdata, String realmLabel) {}
