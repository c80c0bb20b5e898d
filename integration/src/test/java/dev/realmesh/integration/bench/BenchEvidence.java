// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.integration.bench;

import dev.realmesh.cca.Bytes;
import dev.realmesh.cca.cose.CborMap;
import dev.realmesh.cca.cose.CborValue;
import dev.realmesh.cca.cose.CoseAlgorithm;
import dev.realmesh.cca.cose.CoseSign1;
import dev.realmesh.cca.cose.EcCurve;
import dev.realmesh.cca.cose.Signatures;
import dev.realmesh.cca.token.CcaEvidence;
import dev.realmesh.cca.token.RealmClaims;
import dev.realmesh.cca.token.RealmToken;
import dev.realmesh.cca.token.TokenGeneration;
import dev.realmesh.testkit.Vectors;
import java.security.KeyPair;
import java.security.interfaces.ECPrivateKey;
import java.util.Base64;
import tools.jackson.databind.json.JsonMapper;

/// Evidence for any challenge: the recorded token `good-399`, whose Realm's key is a published test key, with its realm
/// part signed anew (ES384, about 1 ms).
final class BenchEvidence {
    private final Bytes platformToken;
    private final RealmClaims claims;
    private final CoseSign1.Signer signer;

    private BenchEvidence(CcaEvidence recorded, ECPrivateKey key) {
        this.platformToken = recorded.platform().encode();
        this.claims = recorded.realm().claims();
        this.signer = Signatures.signer(key, CoseAlgorithm.ES384);
    }

    static BenchEvidence open() {
        String scalar = JsonMapper.shared()
                .readTree(Vectors.text("attestation/keys/TEST-rak-p384.private.jwk"))
                .required("d")
                .stringValue();
        KeyPair key = Signatures.keyPair(EcCurve.P384, Base64.getUrlDecoder().decode(scalar));
        return new BenchEvidence(
                CcaEvidence.decode(Bytes.copyOf(Vectors.bytes("attestation/tokens/good-399.cbor"))),
                (ECPrivateKey) key.getPrivate());
    }

    /// @param challenge 64 bytes
    Bytes over(byte[] challenge) {
        CborValue.Int label = new CborValue.Int(RealmClaims.CHALLENGE);
        CborMap bound = new CborMap(claims.toCbor().entries().stream()
                .map(entry -> entry.key().equals(label)
                        ? new CborMap.Entry(label, CborValue.of(Bytes.copyOf(challenge)))
                        : entry)
                .toList());
        RealmToken token = RealmToken.sign(RealmClaims.of(bound), CoseAlgorithm.ES384, signer);
        return TokenGeneration.V2023.collect(platformToken, token.encode());
    }
}
