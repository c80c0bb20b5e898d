// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.oci.crypt;

import dev.realmesh.oci.Base64Text;
import dev.realmesh.oci.JsonDocument;
import dev.realmesh.oci.OciDigest;
import dev.realmesh.oci.OciException;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import javax.crypto.SecretKey;
import javax.crypto.spec.SecretKeySpec;

/// What only the recipients of an encrypted layer may know: its key, the nonce and the digest of the plain compressed
/// layer. This is what gets wrapped. A nonce is never used twice with a key, as both are fresh for each layer.
final class PrivateOptions {
    private static final int MAX_BYTES = 4096;
    private static final int KEY_SIZE_BYTES = 32;
    private static final int NONCE_SIZE_BYTES = 16;

    private final SecretKey key;
    private final byte[] nonce;
    private final OciDigest plainDigest;

    private PrivateOptions(byte[] key, byte[] nonce, OciDigest plainDigest) {
        checkSize("symkey", key, KEY_SIZE_BYTES);
        checkSize("cipheroptions.nonce", nonce, NONCE_SIZE_BYTES);
        this.key = new SecretKeySpec(key, "AES");
        this.nonce = nonce.clone();
        this.plainDigest = plainDigest;
    }

    /// A fresh key and nonce for the layer of that plain digest.
    static PrivateOptions fresh(SecureRandom random, OciDigest plainDigest) {
        byte[] key = new byte[KEY_SIZE_BYTES];
        byte[] nonce = new byte[NONCE_SIZE_BYTES];
        random.nextBytes(key);
        random.nextBytes(nonce);
        return new PrivateOptions(key, nonce, plainDigest);
    }

    /// Reads what was unwrapped. Messages do not repeat its content.
    ///
    /// @throws OciException.Malformed if key or nonce are missing or of the wrong size
    static PrivateOptions parse(byte[] json) {
        JsonDocument document = JsonDocument.parse("private options", json, MAX_BYTES);
        return new PrivateOptions(
                Base64Text.decode("private options, symkey", document.text("symkey")),
                Base64Text.decode(
                        "private options, nonce",
                        document.object("cipheroptions").text("nonce")),
                OciDigest.parse(document.text("digest")));
    }

    SecretKey key() {
        return key;
    }

    byte[] nonce() {
        return nonce.clone();
    }

    OciDigest plainDigest() {
        return plainDigest;
    }

    byte[] toJson() {
        String json = "{\"symkey\":\"" + Base64Text.encode(key.getEncoded()) + "\",\"digest\":\"" + plainDigest
                + "\",\"cipheroptions\":{\"nonce\":\"" + Base64Text.encode(nonce) + "\"}}";
        return json.getBytes(StandardCharsets.UTF_8);
    }

    private static void checkSize(String name, byte[] value, int expected) {
        if (value.length != expected) {
            throw new OciException.Malformed(
                    "private options, " + name + ": " + value.length + " bytes (expected: " + expected + ")");
        }
    }
}
