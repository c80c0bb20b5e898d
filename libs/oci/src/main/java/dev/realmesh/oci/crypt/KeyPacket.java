// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.oci.crypt;

import dev.realmesh.oci.Base64Text;
import dev.realmesh.oci.JsonDocument;
import dev.realmesh.oci.OciException;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import javax.crypto.Cipher;
import javax.crypto.SecretKey;
import javax.crypto.spec.GCMParameterSpec;
import tools.jackson.databind.json.JsonMapper;

/// Private options wrapped by Confidential Containers' key provider: AES-256-GCM with a key-encryption key that a key
/// broker holds, named by `kid`. Version 1 has no `version`; version 2 (`0.1.0`) names a provider, of which only `kbs`
/// is read: other providers decrypt in a cloud's own key service.
public final class KeyPacket {
    /// The annotation of a layer that packets are in.
    public static final String ANNOTATION = "org.opencontainers.image.enc.keys.provider.attestation-agent";

    private static final int MAX_BYTES = 16 << 10;
    private static final int KEY_SIZE_BYTES = 32;
    private static final int IV_SIZE_BYTES = 12;
    private static final int TAG_SIZE_BITS = 128;
    private static final int MAX_KID_LENGTH = 512;
    private static final Pattern KID =
            Pattern.compile("kbs(?:\\+[a-z0-9-]+)?://[A-Za-z0-9.:\\[\\]-]*(?:/[A-Za-z0-9_-][A-Za-z0-9_.-]*){3}");
    private static final String WRAP_TYPE = "A256GCM";
    private static final JsonMapper JSON = JsonMapper.shared();

    private final String kid;
    private final byte[] wrapped;
    private final byte[] iv;

    private KeyPacket(String kid, byte[] wrapped, byte[] iv) {
        this.kid = kid;
        this.wrapped = wrapped;
        this.iv = iv;
    }

    /// Reads a packet.
    ///
    /// @throws OciException if it is none, or needs another provider or algorithm
    public static KeyPacket parse(byte[] json) {
        JsonDocument document = JsonDocument.parse("key packet", json, MAX_BYTES);
        expect(document, "version", "0.1.0");
        expect(document, "provider", "kbs");
        expect(document, "wrap_type", WRAP_TYPE);
        byte[] iv = Base64Text.decode("key packet, iv", document.text("iv"));
        if (iv.length != IV_SIZE_BYTES) {
            throw new OciException.Malformed(
                    "key packet, iv: " + iv.length + " bytes (expected: " + IV_SIZE_BYTES + ")");
        }
        String kid = document.text("kid");
        checkKid(kid);
        return new KeyPacket(kid, Base64Text.decode("key packet, wrapped_data", document.text("wrapped_data")), iv);
    }

    /// Wraps the private options of a layer that somebody else encrypts.
    ///
    /// @param privateOptions ocicrypt's, as JSON
    /// @throws OciException if they are no private options of a layer
    public static KeyPacket wrapForOthers(Recipient.KeyBroker recipient, byte[] privateOptions, SecureRandom random) {
        PrivateOptions.parse(privateOptions);
        return wrap(recipient, privateOptions, random);
    }

    /// Wraps private options, in version 1, which every reader knows.
    static KeyPacket wrap(Recipient.KeyBroker recipient, byte[] privateOptions, SecureRandom random) {
        byte[] iv = new byte[IV_SIZE_BYTES];
        random.nextBytes(iv);
        try {
            Cipher cipher = cipher(Cipher.ENCRYPT_MODE, recipient.key(), iv);
            return new KeyPacket(recipient.kid(), cipher.doFinal(privateOptions), iv);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("AES/GCM: missing in this Java", e);
        }
    }

    /// The resource that holds the key, `kbs:///repository/type/tag`.
    public String kid() {
        return kid;
    }

    /// The private options, as JSON.
    ///
    /// @throws OciException.NoKeyFits if the packet was not wrapped with that key
    public byte[] unwrap(SecretKey key) {
        checkKey(key);
        try {
            return cipher(Cipher.DECRYPT_MODE, key, iv).doFinal(wrapped);
        } catch (GeneralSecurityException e) {
            throw new OciException.NoKeyFits(
                    "key packet: not wrapped with " + kid + " (expected: the key that the image was encrypted with)",
                    e);
        }
    }

    /// The packet as it is in the annotation, before its base64.
    public byte[] toJson() {
        Map<String, String> members = new LinkedHashMap<>();
        members.put("kid", kid);
        members.put("wrapped_data", Base64Text.encode(wrapped));
        members.put("iv", Base64Text.encode(iv));
        members.put("wrap_type", WRAP_TYPE);
        return JSON.writeValueAsBytes(members);
    }

    static void checkKid(String kid) {
        if (kid.length() > MAX_KID_LENGTH || !KID.matcher(kid).matches()) {
            throw new OciException.Unsupported("key packet, kid: " + kid.substring(0, Math.min(80, kid.length()))
                    + " (expected: kbs:///repository/type/tag)");
        }
    }

    static void checkKey(SecretKey key) {
        byte[] encoded = key.getEncoded();
        if (encoded == null || encoded.length != KEY_SIZE_BYTES) {
            throw new OciException.Unsupported("key-encryption key: of another size (expected: 32 bytes)");
        }
    }

    private static Cipher cipher(int mode, SecretKey key, byte[] iv) throws GeneralSecurityException {
        Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
        cipher.init(mode, key, new GCMParameterSpec(TAG_SIZE_BITS, iv));
        return cipher;
    }

    private static void expect(JsonDocument document, String member, String expected) {
        Optional<String> actual = document.optionalText(member);
        if (actual.isPresent() && !actual.get().equals(expected)) {
            throw new OciException.Unsupported(
                    "key packet, " + member + ": " + actual.get() + " (expected: " + expected + ")");
        }
    }
}
