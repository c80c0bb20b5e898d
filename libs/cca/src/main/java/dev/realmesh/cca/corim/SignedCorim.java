// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.cca.corim;

import dev.realmesh.cca.Bytes;
import dev.realmesh.cca.cose.CborException;
import dev.realmesh.cca.cose.CborLimits;
import dev.realmesh.cca.cose.CborMap;
import dev.realmesh.cca.cose.CborValue;
import dev.realmesh.cca.cose.CoseAlgorithm;
import dev.realmesh.cca.cose.CoseSign1;
import java.security.interfaces.ECPublicKey;
import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;

/// A CoRIM in a COSE_Sign1 that carries its signer's certificate chain. It gives its content only to who trusts the
/// chain's root.
public final class SignedCorim {
    private static final String CONTENT_TYPE = "application/rim+cbor";
    private static final Bytes SIGN1_PREFIX = Bytes.ofHex("d2");
    private static final Bytes LEGACY_PREFIX = Bytes.ofHex("d901f4d901f6");
    private static final int CONTENT_TYPE_HEADER = 3;
    private static final int META_HEADER = 8;
    private static final int X5CHAIN_HEADER = 33;
    private static final int META_SIGNER = 0;
    private static final int META_VALIDITY = 1;
    private static final int SIGNER_NAME = 0;

    private final CoseSign1 envelope;
    private final Validity validity;
    private final CertificateChain chain;

    private SignedCorim(CoseSign1 envelope) {
        this.envelope = envelope;
        CborMap headers = envelope.headers();
        String type = headers.get(CONTENT_TYPE_HEADER, "content type").asText("content type");
        if (!type.equals(CONTENT_TYPE)) {
            throw new CorimException.Invalid("content type", type, CONTENT_TYPE);
        }
        CborMap meta = CborValue.decode(
                        headers.get(META_HEADER, "corim-meta").asBytes("corim-meta"), CborLimits.ENDORSEMENTS)
                .asMap("corim-meta");
        CborMap signer = meta.get(META_SIGNER, "corim-meta signer").asMap("corim-meta signer");
        if (signer.get(SIGNER_NAME, "signer name").asText("signer name").isEmpty()) {
            throw new CorimException.Invalid("signer name", "empty", "a name");
        }
        this.validity = Validity.find(meta, META_VALIDITY).orElse(Validity.ALWAYS);
        this.chain = CertificateChain.read(headers.find(X5CHAIN_HEADER)
                .orElseThrow(() -> new CorimException.Untrusted("no certificate (expected: x5chain)")));
    }

    /// Whether bytes begin as a signed CoRIM does, and an unsigned one does not.
    public static boolean isSigned(Bytes encoded) {
        return hasPrefix(encoded, SIGN1_PREFIX) || hasPrefix(encoded, LEGACY_PREFIX);
    }

    /// Reads a signed CoRIM of at most 4 MiB; nothing is verified yet.
    ///
    /// @throws CorimException if it is none
    public static SignedCorim decode(Bytes encoded) {
        try {
            return new SignedCorim(CoseSign1.decode(withoutLegacyPrefix(encoded), CborLimits.ENDORSEMENTS));
        } catch (CborException e) {
            throw new CorimException.Malformed("signed CoRIM", e);
        }
    }

    /// Signs a CoRIM.
    ///
    /// @param signer who signs
    /// @param validity when the signature may be relied on
    public static Bytes sign(Corim corim, CorimSigner signer, Validity validity) {
        CborMap meta = CborMap.builder()
                .put(
                        META_SIGNER,
                        CborMap.builder()
                                .put(SIGNER_NAME, CborValue.of(signer.name()))
                                .build())
                .put(META_VALIDITY, validity.toCbor())
                .build();
        CborMap headers = CborMap.builder()
                .put(CoseSign1.ALGORITHM, CborValue.of(signer.algorithm().label()))
                .put(CONTENT_TYPE_HEADER, CborValue.of(CONTENT_TYPE))
                .put(META_HEADER, CborValue.of(meta.encode()))
                .put(
                        X5CHAIN_HEADER,
                        new CborValue.Array(
                                signer.chain().stream().map(CborValue::of).toList()))
                .build();
        return CoseSign1.sign(headers, corim.encode(), signer.signer()).encode();
    }

    /// Who signs a CoRIM.
    ///
    /// @param name how the signer is called
    /// @param chain certificates in DER: the signer's own, then the intermediates; not the root
    /// @param algorithm what `signer` does
    /// @param signer the key
    public record CorimSigner(String name, List<Bytes> chain, CoseAlgorithm algorithm, CoseSign1.Signer signer) {
        public CorimSigner {
            chain = List.copyOf(chain);
        }
    }

    /// The CoRIM, if a chain up to one of `roots` certifies the key that signed it.
    ///
    /// @param roots root certificates in DER
    /// @throws CorimException.Untrusted if that is not so at `now`
    /// @throws CorimException if the content is no CoRIM
    public Corim verify(List<Bytes> roots, Instant now) {
        if (!validity.contains(now)) {
            throw new CorimException.Untrusted("not valid at " + now + " (expected: " + validity + ")");
        }
        ECPublicKey key = chain.requireTrusted(roots, now);
        try {
            if (!envelope.isSignedBy(key)) {
                throw new CorimException.Untrusted("signature verification failed");
            }
        } catch (CborException e) {
            throw new CorimException.Malformed("signed CoRIM", e);
        }
        return Corim.decode(envelope.payload());
    }

    /// The CoRIM for people to look at: nothing of it is verified, and nothing must be decided by it.
    ///
    /// @throws CorimException if the content is no CoRIM
    public Corim unverifiedContent() {
        return Corim.decode(envelope.payload());
    }

    private static Bytes withoutLegacyPrefix(Bytes encoded) {
        return hasPrefix(encoded, LEGACY_PREFIX)
                ? Bytes.copyOfRange(encoded.toByteArray(), LEGACY_PREFIX.size(), encoded.size())
                : encoded;
    }

    private static boolean hasPrefix(Bytes encoded, Bytes prefix) {
        return encoded.size() >= prefix.size()
                && IntStream.range(0, prefix.size()).allMatch(i -> encoded.at(i) == prefix.at(i));
    }
}
