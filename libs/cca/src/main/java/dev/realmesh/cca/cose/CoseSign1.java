// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.cca.cose;

import dev.realmesh.cca.Bytes;
import java.security.interfaces.ECPublicKey;
import java.util.List;

/// A COSE_Sign1 (RFC 9052 §4.2) with its tag, its payload inside it, and no external data.
///
/// @param protectedHeader the protected header as it was carried, an encoded map or nothing: the signature covers it
/// @param unprotectedHeader the unprotected header; nothing in it is trusted
/// @param payload the signed content
/// @param signature `r ‖ s`
public record CoseSign1(Bytes protectedHeader, CborMap unprotectedHeader, Bytes payload, Bytes signature) {
    /// The CBOR tag of a COSE_Sign1.
    public static final int TAG = 18;

    /// Label of the algorithm in the protected header.
    public static final int ALGORITHM = 1;

    /// Makes the signature over a Sig_structure, as `r ‖ s`: a key in this process, or a device that keeps it.
    @FunctionalInterface
    public interface Signer {
        /// Signs `toBeSigned` (not yet hashed).
        Bytes sign(Bytes toBeSigned);
    }

    /// Reads a tagged COSE_Sign1.
    ///
    /// @throws CborException if it is none
    public static CoseSign1 decode(Bytes encoded, CborLimits limits) {
        List<CborValue> parts =
                CborValue.decode(encoded, limits).asTagged(TAG, "COSE_Sign1").asArray("COSE_Sign1");
        if (parts.size() != 4) {
            throw new CborException.Unexpected("COSE_Sign1", parts.size() + " elements", "4");
        }
        Bytes header = parts.get(0).asBytes("COSE_Sign1 protected header");
        if (!header.isEmpty()) {
            CborValue.decode(header, limits).asMap("COSE_Sign1 protected header");
        }
        return new CoseSign1(
                header,
                parts.get(1).asMap("COSE_Sign1 unprotected header"),
                parts.get(2).asBytes("COSE_Sign1 payload"),
                parts.get(3).asBytes("COSE_Sign1 signature"));
    }

    /// Signs `payload` with nothing but the algorithm in the protected header.
    public static CoseSign1 sign(CoseAlgorithm algorithm, Bytes payload, Signer signer) {
        return sign(
                CborMap.builder()
                        .put(ALGORITHM, CborValue.of(algorithm.label()))
                        .build(),
                payload,
                signer);
    }

    /// Signs `payload` under a protected header, which must name the algorithm that `signer` uses.
    public static CoseSign1 sign(CborMap protectedHeader, Bytes payload, Signer signer) {
        Bytes header = protectedHeader.encode();
        return new CoseSign1(header, CborMap.EMPTY, payload, signer.sign(toBeSigned(header, payload)));
    }

    /// The encoding, with the tag.
    public Bytes encode() {
        return new CborValue.Tagged(
                        TAG,
                        CborValue.arrayOf(
                                CborValue.of(protectedHeader),
                                unprotectedHeader,
                                CborValue.of(payload),
                                CborValue.of(signature)))
                .encode();
    }

    /// The protected header, decoded.
    public CborMap headers() {
        return protectedHeader.isEmpty()
                ? CborMap.EMPTY
                : CborValue.decode(protectedHeader, CborLimits.ENDORSEMENTS).asMap("COSE_Sign1 protected header");
    }

    /// The algorithm in the protected header.
    ///
    /// @throws CborException.Unexpected if it is absent or unknown
    public CoseAlgorithm algorithm() {
        String what = "COSE_Sign1 alg";
        return CoseAlgorithm.ofLabel(headers().get(ALGORITHM, what).asLong(what));
    }

    /// Whether `key` made the signature, by the algorithm in the protected header.
    ///
    /// @throws CborException.Unexpected if that algorithm is absent or unknown
    public boolean isSignedBy(ECPublicKey key) {
        return Signatures.verify(key, algorithm(), toBeSigned(protectedHeader, payload), signature);
    }

    /// Sig_structure (RFC 9052 §4.4).
    private static Bytes toBeSigned(Bytes header, Bytes payload) {
        return CborValue.arrayOf(
                        CborValue.of("Signature1"),
                        CborValue.of(header),
                        CborValue.of(Bytes.EMPTY),
                        CborValue.of(payload))
                .encode();
    }
}
