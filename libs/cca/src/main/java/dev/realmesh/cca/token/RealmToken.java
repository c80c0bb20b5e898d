// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.cca.token;

import dev.realmesh.cca.Bytes;
import dev.realmesh.cca.cose.CborException;
import dev.realmesh.cca.cose.CborLimits;
import dev.realmesh.cca.cose.CborValue;
import dev.realmesh.cca.cose.CoseAlgorithm;
import dev.realmesh.cca.cose.CoseSign1;

/// A realm token: claims signed by the realm attestation key (RAK) that is one of them.
///
/// @param envelope the COSE_Sign1 as it was carried
/// @param claims its payload
public record RealmToken(CoseSign1 envelope, RealmClaims claims) {
    private static final String PART = "realm token";

    /// Reads a token; the signature is not checked here.
    ///
    /// @throws TokenException if it is none
    public static RealmToken decode(Bytes encoded) {
        try {
            CoseSign1 envelope = CoseSign1.decode(encoded, CborLimits.EVIDENCE);
            return new RealmToken(
                    envelope,
                    RealmClaims.of(CborValue.decode(envelope.payload(), CborLimits.EVIDENCE)
                            .asMap(PART)));
        } catch (CborException e) {
            throw new TokenException.Malformed(PART, e);
        }
    }

    /// Signs claims.
    public static RealmToken sign(RealmClaims claims, CoseAlgorithm algorithm, CoseSign1.Signer signer) {
        return new RealmToken(CoseSign1.sign(algorithm, claims.toCbor().encode(), signer), claims);
    }

    /// The token's bytes.
    public Bytes encode() {
        return envelope.encode();
    }
}
