// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.attestation.rest;

import dev.realmesh.cca.Bytes;
import dev.realmesh.cca.cose.CborLimits;
import dev.realmesh.cca.cose.CborMap;
import dev.realmesh.cca.cose.CborValue;
import dev.realmesh.cca.cose.CoseAlgorithm;
import dev.realmesh.cca.cose.CoseSign1;
import dev.realmesh.cca.cose.EcCurve;
import dev.realmesh.cca.cose.Signatures;
import dev.realmesh.testkit.Vectors;
import java.security.interfaces.ECPrivateKey;
import java.util.List;
import java.util.Map;

/// Signed CoRIMs that the vectors name and do not hold, made from the good one as theirs were.
final class BrokenSignatures {
    private static final CborValue CONTENT_TYPE = CborValue.of(3);
    private static final CborValue META = CborValue.of(8);

    private static final Map<String, Bytes> MADE = Map.of(
            "endorsements/s-signed-wrong-key.cbor", signed(good().headers()),
            "endorsements/s-signed-no-meta.cbor", signed(without(META)),
            "endorsements/s-signed-wrong-ct.cbor", signed(withContentType("application/corim-unsigned+cbor")));

    private BrokenSignatures() {}

    /// The bytes of a file of the vectors, or of one that is made here.
    static byte[] orVector(String file) {
        Bytes made = MADE.get(file);
        return made == null ? Vectors.bytes("attestation/" + file) : made.toByteArray();
    }

    private static CoseSign1 good() {
        return CoseSign1.decode(
                Bytes.copyOf(Vectors.bytes("attestation/endorsements/s-signed-ok.cbor")), CborLimits.ENDORSEMENTS);
    }

    private static CborMap without(CborValue label) {
        return new CborMap(good().headers().entries().stream()
                .filter(entry -> !entry.key().equals(label))
                .toList());
    }

    private static CborMap withContentType(String type) {
        List<CborMap.Entry> entries = good().headers().entries().stream()
                .map(entry ->
                        entry.key().equals(CONTENT_TYPE) ? new CborMap.Entry(CONTENT_TYPE, CborValue.of(type)) : entry)
                .toList();
        return new CborMap(entries);
    }

    private static Bytes signed(CborMap headers) {
        ECPrivateKey other = (ECPrivateKey) Signatures.generate(EcCurve.P256).getPrivate();
        return CoseSign1.sign(headers, good().payload(), Signatures.signer(other, CoseAlgorithm.ES256))
                .encode();
    }
}
