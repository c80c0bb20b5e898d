// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.cca.token;

import dev.realmesh.cca.Bytes;
import dev.realmesh.cca.cose.CborException;
import dev.realmesh.cca.cose.CborLimits;
import dev.realmesh.cca.cose.CborValue;
import dev.realmesh.cca.cose.CoseAlgorithm;
import dev.realmesh.cca.cose.CoseSign1;

/// A platform token: claims signed by the platform attestation key (CPAK).
///
/// @param envelope the COSE_Sign1 as it was carried
/// @param claims its payload
public record PlatformToken(CoseSign1 envelope, PlatformClaims claims) {
    private static final String PART = "platform token";

    /// Reads a token; the signature is not checked here.
    ///
    /// @throws TokenException if it is none
    public static PlatformToken decode(Bytes encoded) {
        try {
            CoseSign1 envelope = CoseSign1.decode(encoded, CborLimits.EVIDENCE);
            return new PlatformToken(
                    envelope,
                    PlatformClaims.of(CborValue.decode(envelope.payload(), CborLimits.EVIDENCE)
                            .asMap(PART)));
        } catch (CborException e) {
            throw new TokenException.Malformed(PART, e);
        }
    }

    /// Signs claims.
    public static PlatformToken sign(PlatformClaims claims, CoseAlgorithm algorithm, CoseSign1.Signer signer) {
        return new PlatformToken(CoseSign1.sign(algorithm, claims.toCbor().encode(), signer), claims);
    }

    /// The token's bytes.
    public Bytes encode() {
        return envelope.encode();
    }
}
