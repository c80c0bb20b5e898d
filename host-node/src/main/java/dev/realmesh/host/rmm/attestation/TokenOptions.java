// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.host.rmm.attestation;

import dev.realmesh.cca.Bytes;
import dev.realmesh.cca.cose.Signatures;
import dev.realmesh.cca.token.EvidenceIntegrity;
import dev.realmesh.cca.token.TokenGeneration;

/// What an RMM was built to make its tokens like.
///
/// @param generation their generation
/// @param keyHashAlgorithm name of the hash of the RAK that binds the platform token, claim 44240: `sha-256`, `sha-384`
///     or `sha-512`
public record TokenOptions(TokenGeneration generation, String keyHashAlgorithm) {
    /// As TF-RMM of RMM 1.0 was built.
    public static final TokenOptions RMM_1_0 = new TokenOptions(TokenGeneration.V2023, "sha-256");

    public TokenOptions {
        if (EvidenceIntegrity.hashNamed(keyHashAlgorithm).isEmpty() || keyHashAlgorithm.equals("sha-224")) {
            throw new IllegalArgumentException(
                    "hash of the RAK: " + keyHashAlgorithm + " (expected: sha-256, sha-384 or sha-512)");
        }
    }

    /// The hash of a public RAK, as it stands in its claim: the challenge of the platform token.
    Bytes challenge(Bytes publicKey) {
        return Signatures.digest(EvidenceIntegrity.hashNamed(keyHashAlgorithm).orElseThrow(), publicKey);
    }
}
