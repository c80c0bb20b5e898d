// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.oci.crypt;

import dev.realmesh.oci.Base64Text;
import dev.realmesh.oci.Descriptor;
import dev.realmesh.oci.LayerFormat;
import dev.realmesh.oci.OciException;
import dev.realmesh.oci.VerifyingInputStream;
import java.io.InputStream;
import java.security.PrivateKey;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// Opens encrypted layers with the keys of one reader.
public final class LayerDecryption {
    private static final int MAX_PARTS = 100;

    private final KeySource keys;

    public LayerDecryption(KeySource keys) {
        this.keys = keys;
    }

    /// A layer's plain, still compressed bytes; a layer that is not encrypted passes unchanged. At the end of the
    /// stream HMAC and plain digest are checked: whoever reads it must come to the end before believing any of it.
    ///
    /// @param ciphertext of the layer, itself checked against the descriptor by the caller
    /// @throws OciException if the layer's annotations are unusable or no key opens it; nothing was read then
    public InputStream decrypt(Descriptor layer, InputStream ciphertext) {
        if (!LayerFormat.of(layer.mediaType()).encrypted()) {
            checkNotAnnotated(layer);
            return ciphertext;
        }
        PublicOptions publicOptions = PublicOptions.of(layer);
        PrivateOptions privateOptions = PrivateOptions.parse(unwrap(layer));
        InputStream plain = new DecryptingInputStream(layer, publicOptions, privateOptions, ciphertext);
        return VerifyingInputStream.of("plain layer of " + layer.digest(), privateOptions.plainDigest(), plain);
    }

    /// Private options out of the first wrapping that a key opens: key-broker packets, then JWEs, then PKCS #7. A part
    /// that is
    /// broken or meant for another kind of reader does not stand in the way of the next one.
    private byte[] unwrap(Descriptor layer) {
        List<OciException> refusals = new ArrayList<>();
        for (Wrapping wrapping : wrappings(layer.annotations())) {
            try {
                return wrapping.open();
            } catch (OciException e) {
                refusals.add(e);
            }
        }
        String why = refusals.isEmpty()
                ? "its wrapped key is missing"
                : refusals.getFirst().getMessage();
        OciException.NoKeyFits refused =
                new OciException.NoKeyFits("encrypted layer " + layer.digest() + ": no key opens it, " + why);
        refusals.forEach(refused::addSuppressed);
        throw refused;
    }

    private List<Wrapping> wrappings(Map<String, String> annotations) {
        List<Wrapping> wrappings = new ArrayList<>();
        for (String part : parts(annotations, KeyPacket.ANNOTATION)) {
            wrappings.add(() -> openPacket(KeyPacket.parse(Base64Text.decode(KeyPacket.ANNOTATION, part))));
        }
        for (String part : parts(annotations, JweKeyWrap.ANNOTATION)) {
            wrappings.add(() -> openJwe(Base64Text.decode(JweKeyWrap.ANNOTATION, part)));
        }
        for (String part : parts(annotations, Pkcs7KeyWrap.ANNOTATION)) {
            wrappings.add(() -> openPkcs7(Base64Text.decode(Pkcs7KeyWrap.ANNOTATION, part)));
        }
        return wrappings;
    }

    private byte[] openPacket(KeyPacket packet) {
        return packet.unwrap(keys.keyEncryptionKey(packet.kid())
                .orElseThrow(() -> new OciException.NoKeyFits("no key-encryption key " + packet.kid())));
    }

    private byte[] openJwe(byte[] jwe) {
        List<PrivateKey> candidates = keys.privateKeys();
        return JweKeyWrap.unwrap(jwe, candidates)
                .orElseThrow(() -> new OciException.NoKeyFits(
                        "the JWE is for another key than the " + candidates.size() + " tried"));
    }

    private byte[] openPkcs7(byte[] enveloped) {
        List<PrivateKey> candidates = keys.privateKeys();
        return Pkcs7KeyWrap.unwrap(enveloped, candidates)
                .orElseThrow(() -> new OciException.NoKeyFits(
                        "the PKCS #7 packet is for another key than the " + candidates.size() + " tried"));
    }

    private static String[] parts(Map<String, String> annotations, String name) {
        String value = annotations.getOrDefault(name, "");
        String[] parts = value.isEmpty() ? new String[0] : value.split(",", MAX_PARTS + 1);
        if (parts.length > MAX_PARTS) {
            throw new OciException.LimitExceeded("parts of annotation " + name, MAX_PARTS);
        }
        return parts;
    }

    private static void checkNotAnnotated(Descriptor layer) {
        if (layer.annotations().containsKey(PublicOptions.ANNOTATION)) {
            throw new OciException.Malformed("layer " + layer.digest() + ": media type " + layer.mediaType()
                    + " with ocicrypt's annotations (expected: …+encrypted)");
        }
    }

    @FunctionalInterface
    private interface Wrapping {
        byte[] open();
    }
}
