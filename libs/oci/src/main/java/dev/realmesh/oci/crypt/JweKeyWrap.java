// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.oci.crypt;

import com.nimbusds.jose.EncryptionMethod;
import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWEAlgorithm;
import com.nimbusds.jose.JWEDecrypter;
import com.nimbusds.jose.JWEHeader;
import com.nimbusds.jose.JWEObject;
import com.nimbusds.jose.Payload;
import com.nimbusds.jose.crypto.ECDHDecrypter;
import com.nimbusds.jose.crypto.ECDHEncrypter;
import com.nimbusds.jose.crypto.RSADecrypter;
import com.nimbusds.jose.crypto.RSAEncrypter;
import com.nimbusds.jose.util.Base64URL;
import dev.realmesh.oci.JsonDocument;
import dev.realmesh.oci.OciException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.interfaces.ECPrivateKey;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.text.ParseException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.crypto.Cipher;
import javax.crypto.SecretKey;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import tools.jackson.databind.json.JsonMapper;

/// Private options as a JWE in JSON (RFC 7516 section 7.2), content encrypted with A256GCM: flattened for one
/// recipient, general for several. RSA keys take RSA-OAEP, with SHA-1 as ocicrypt has it, EC keys ECDH-ES+A256KW.
final class JweKeyWrap {
    static final String ANNOTATION = "org.opencontainers.image.enc.keys.jwe";

    @SuppressWarnings(
            "deprecation") // what ocicrypt writes and reads; OAEP does not rest on SHA-1's collision resistance
    private static final JWEAlgorithm RSA_OAEP = JWEAlgorithm.RSA_OAEP;

    private static final JWEAlgorithm ECDH = JWEAlgorithm.ECDH_ES_A256KW;
    private static final int MAX_BYTES = 64 << 10;
    private static final int MAX_RECIPIENTS = 100;
    private static final int IV_SIZE_BYTES = 12;
    private static final int TAG_SIZE_BYTES = 16;
    private static final JsonMapper JSON = JsonMapper.shared();

    private JweKeyWrap() {}

    /// Wraps for one or more recipients.
    static byte[] wrap(List<Recipient.Jwe> recipients, byte[] privateOptions, SecureRandom random) {
        byte[] key = new byte[32];
        random.nextBytes(key);
        SecretKey contentKey = new SecretKeySpec(key, "AES");
        try {
            return recipients.size() == 1
                    ? flattened(encrypt(recipients.getFirst(), contentKey, privateOptions))
                    : general(recipients, contentKey, privateOptions, random);
        } catch (JOSEException | GeneralSecurityException e) {
            throw new IllegalStateException("JWE: cannot encrypt to a checked key", e);
        }
    }

    /// Tries each key on each recipient's part.
    ///
    /// @return the private options, or empty if no key fits
    /// @throws OciException if it is no JWE of the kinds above
    static Optional<byte[]> unwrap(byte[] json, List<PrivateKey> keys) {
        JsonDocument jwe = JsonDocument.parse("JWE", json, MAX_BYTES);
        List<JsonDocument> recipients = jwe.objects("recipients");
        if (recipients.size() > MAX_RECIPIENTS) {
            throw new OciException.LimitExceeded("recipients of the JWE", MAX_RECIPIENTS);
        }
        for (JsonDocument recipient : recipients.isEmpty() ? List.of(jwe) : recipients) {
            JWEHeader header = header(jwe, recipient);
            for (PrivateKey key : keys) {
                Optional<byte[]> opened = tryKey(jwe, recipient, header, key);
                if (opened.isPresent()) {
                    return opened;
                }
            }
        }
        return Optional.empty();
    }

    private static Optional<byte[]> tryKey(JsonDocument jwe, JsonDocument recipient, JWEHeader header, PrivateKey key) {
        boolean fits = key instanceof ECPrivateKey
                ? header.getAlgorithm().equals(ECDH)
                : header.getAlgorithm().equals(RSA_OAEP);
        if (!fits) {
            return Optional.empty();
        }
        try {
            JWEDecrypter decrypter = key instanceof ECPrivateKey ec ? new ECDHDecrypter(ec) : new RSADecrypter(key);
            return Optional.of(decrypter.decrypt(
                    header,
                    new Base64URL(recipient.text("encrypted_key")),
                    new Base64URL(jwe.text("iv")),
                    new Base64URL(jwe.text("ciphertext")),
                    new Base64URL(jwe.text("tag")),
                    jwe.text("protected").getBytes(StandardCharsets.US_ASCII)));
        } catch (JOSEException e) {
            return Optional.empty();
        }
    }

    /// The JOSE header is the union of the protected one and the recipient's own (RFC 7516 section 4).
    private static JWEHeader header(JsonDocument jwe, JsonDocument recipient) {
        Map<String, Object> members = new LinkedHashMap<>();
        try {
            byte[] shared = new Base64URL(jwe.text("protected")).decode();
            copyHeader(JsonDocument.parse("JWE protected header", shared, MAX_BYTES), members);
            recipient.optionalObject("header").ifPresent(own -> copyHeader(own, members));
            if (!members.keySet().containsAll(List.of("alg", "enc"))) {
                throw new OciException.Malformed("JWE header: " + members.keySet() + " (expected: alg and enc)");
            }
            JWEHeader header = JWEHeader.parse(members);
            if (!header.getEncryptionMethod().equals(EncryptionMethod.A256GCM)) {
                throw new OciException.Unsupported("JWE enc: " + header.getEncryptionMethod() + " (expected: A256GCM)");
            }
            return header;
        } catch (ParseException | IllegalArgumentException e) {
            throw new OciException.Malformed("JWE: bad header", e);
        }
    }

    private static void copyHeader(JsonDocument from, Map<String, Object> to) {
        for (String name : List.of("alg", "enc", "kid", "apu", "apv")) {
            from.optionalText(name).ifPresent(value -> to.put(name, value));
        }
        from.optionalObject("epk").ifPresent(epk -> to.put("epk", from.textsByName("epk")));
    }

    private static JWEObject encrypt(Recipient.Jwe recipient, SecretKey contentKey, byte[] content)
            throws JOSEException {
        boolean rsa = recipient.key() instanceof RSAPublicKey;
        JWEHeader header = new JWEHeader(rsa ? RSA_OAEP : ECDH, EncryptionMethod.A256GCM);
        JWEObject jwe = new JWEObject(header, new Payload(content));
        jwe.encrypt(
                recipient.key() instanceof ECPublicKey ec
                        ? new ECDHEncrypter(ec, contentKey)
                        : new RSAEncrypter((RSAPublicKey) recipient.key(), contentKey));
        return jwe;
    }

    private static byte[] flattened(JWEObject jwe) {
        Map<String, Object> members = new LinkedHashMap<>();
        members.put("protected", jwe.getHeader().toBase64URL().toString());
        members.put("encrypted_key", jwe.getEncryptedKey().toString());
        members.put("iv", jwe.getIV().toString());
        members.put("ciphertext", jwe.getCipherText().toString());
        members.put("tag", jwe.getAuthTag().toString());
        return JSON.writeValueAsBytes(members);
    }

    private static byte[] general(
            List<Recipient.Jwe> recipients, SecretKey contentKey, byte[] content, SecureRandom random)
            throws JOSEException, GeneralSecurityException {
        List<Map<String, Object>> parts = new ArrayList<>();
        for (Recipient.Jwe recipient : recipients) {
            JWEObject keyOnly = encrypt(recipient, contentKey, new byte[0]);
            Map<String, Object> header = new LinkedHashMap<>(keyOnly.getHeader().toJSONObject());
            header.remove("enc");
            parts.add(Map.of(
                    "header", header, "encrypted_key", keyOnly.getEncryptedKey().toString()));
        }
        String shared = Base64URL.encode("{\"enc\":\"A256GCM\"}").toString();
        byte[] iv = new byte[IV_SIZE_BYTES];
        random.nextBytes(iv);
        Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
        cipher.init(Cipher.ENCRYPT_MODE, contentKey, new GCMParameterSpec(TAG_SIZE_BYTES * 8, iv));
        cipher.updateAAD(shared.getBytes(StandardCharsets.US_ASCII));
        byte[] sealed = cipher.doFinal(content);
        int split = sealed.length - TAG_SIZE_BYTES;
        Map<String, Object> members = new LinkedHashMap<>();
        members.put("protected", shared);
        members.put("recipients", parts);
        members.put("iv", Base64URL.encode(iv).toString());
        members.put("ciphertext", Base64URL.encode(Arrays.copyOf(sealed, split)).toString());
        members.put(
                "tag",
                Base64URL.encode(Arrays.copyOfRange(sealed, split, sealed.length))
                        .toString());
        return JSON.writeValueAsBytes(members);
    }
}
