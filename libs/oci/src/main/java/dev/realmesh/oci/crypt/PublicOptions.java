// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.oci.crypt;

import dev.realmesh.oci.Base64Text;
import dev.realmesh.oci.Descriptor;
import dev.realmesh.oci.JsonDocument;
import dev.realmesh.oci.OciException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;

/// What anybody may know of an encrypted layer: the cipher's name and the HMAC, in the annotation
/// `org.opencontainers.image.enc.pubopts`.
final class PublicOptions {
    static final String ANNOTATION = "org.opencontainers.image.enc.pubopts";

    private static final int MAX_BYTES = 4096;
    private static final int HMAC_SIZE_BYTES = 32;

    private final byte[] hmac;

    PublicOptions(byte[] hmac) {
        if (hmac.length != HMAC_SIZE_BYTES) {
            throw new OciException.Malformed(
                    ANNOTATION + ".hmac: " + hmac.length + " bytes (expected: " + HMAC_SIZE_BYTES + ")");
        }
        this.hmac = hmac.clone();
    }

    /// Reads the annotation of an encrypted layer.
    ///
    /// @throws OciException if it is missing, names another cipher or holds no HMAC
    static PublicOptions of(Descriptor layer) {
        String annotation = layer.annotations().get(ANNOTATION);
        if (annotation == null) {
            throw new OciException.Malformed(
                    "encrypted layer " + layer.digest() + ": no annotation " + ANNOTATION + " (expected: one)");
        }
        JsonDocument json = JsonDocument.parse(ANNOTATION, Base64Text.decode(ANNOTATION, annotation), MAX_BYTES);
        String cipher = json.text("cipher");
        if (!cipher.equals(LayerCipher.NAME)) {
            throw new OciException.Unsupported(
                    ANNOTATION + ".cipher: " + cipher + " (expected: " + LayerCipher.NAME + ")");
        }
        return new PublicOptions(Base64Text.decode(ANNOTATION + ".hmac", json.text("hmac")));
    }

    /// Compares in constant time.
    boolean hmacEquals(byte[] other) {
        return MessageDigest.isEqual(hmac, other);
    }

    String toAnnotation() {
        String json = "{\"cipher\":\"" + LayerCipher.NAME + "\",\"hmac\":\"" + Base64Text.encode(hmac)
                + "\",\"cipheroptions\":{}}";
        return Base64Text.encode(json.getBytes(StandardCharsets.UTF_8));
    }
}
