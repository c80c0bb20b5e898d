// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.kbs;

import com.nimbusds.jose.EncryptionMethod;
import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWEAlgorithm;
import com.nimbusds.jose.JWEDecrypter;
import com.nimbusds.jose.JWEHeader;
import com.nimbusds.jose.JWEObject;
import com.nimbusds.jose.Payload;
import com.nimbusds.jose.crypto.ECDHDecrypter;
import com.nimbusds.jose.crypto.RSADecrypter;
import com.nimbusds.jose.crypto.RSAEncrypter;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.util.Base64URL;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.text.ParseException;
import java.util.Arrays;
import java.util.Set;
import tools.jackson.databind.node.ObjectNode;

/// A secret sealed to a TEE key, as a KBS answers it: a JWE in flattened JSON serialization (RFC 7516, section 7.2.2),
/// content encryption `A256GCM`. The key decides the algorithm: a header that names another one is refused.
public final class KbsJwe {
    /// Longest JWE, in bytes; enough for a secret of 1 MiB.
    public static final int MAX_BYTES = 2 << 20;

    /// Longest secret, in bytes.
    public static final int MAX_SECRET_BYTES = 1 << 20;

    private static final Set<String> MEMBERS = Set.of("protected", "encrypted_key", "iv", "ciphertext", "tag");
    private static final Set<String> EC_HEADER = Set.of("alg", "enc", "epk");
    private static final Set<String> RSA_HEADER = Set.of("alg", "enc");
    private static final int MAX_HEADER_BYTES = 4096;

    private final byte[] json;
    private final ObjectNode members;

    private KbsJwe(byte[] json, ObjectNode members) {
        this.json = json;
        this.members = members;
    }

    /// Seals a secret, so that only the holder of the TEE's private key reads it.
    ///
    /// @throws KbsException.Malformed if the secret is over 1 MiB
    public static KbsJwe seal(SecretBytes secret, TeePublicKey recipient) {
        if (secret.length() > MAX_SECRET_BYTES) {
            throw new KbsException.Malformed(
                    "secret", secret.length() + " bytes (expected: at most " + MAX_SECRET_BYTES + ")");
        }
        byte[] plaintext = secret.reveal();
        try {
            return of(encrypt(plaintext, recipient));
        } catch (JOSEException e) {
            throw new IllegalStateException(recipient.algorithm() + ": not served by this Java", e);
        } finally {
            Arrays.fill(plaintext, (byte) 0);
        }
    }

    /// Reads the flattened serialization.
    ///
    /// @throws KbsException.Malformed if it is over the limit or has other members
    public static KbsJwe parse(byte[] json) {
        byte[] copy = json.clone();
        return new KbsJwe(copy, BoundedJson.strings("JWE", copy, MAX_BYTES, MEMBERS));
    }

    /// Opens the JWE.
    ///
    /// @throws KbsException.Malformed if its header is not of the kind that the key is for
    /// @throws KbsException.NotSealedToKey if it does not open
    public SecretBytes open(TeeKey key) {
        JWEAlgorithm algorithm = key.publicKey().algorithm();
        Base64URL encodedHeader = member("protected");
        requireHeader(encodedHeader.decode(), algorithm);
        try {
            JWEObject jwe = new JWEObject(
                    encodedHeader, member("encrypted_key"), member("iv"), member("ciphertext"), member("tag"));
            jwe.decrypt(decrypter(key.key()));
            return SecretBytes.taking(jwe.getPayload().toBytes());
        } catch (ParseException | JOSEException | IllegalArgumentException | IllegalStateException e) {
            throw new KbsException.NotSealedToKey();
        }
    }

    /// The exact bytes: what travels, and what a [ReleaseStatement] is about.
    public byte[] toJson() {
        return json.clone();
    }

    byte[] sha256() {
        try {
            return MessageDigest.getInstance("SHA-256").digest(json);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("SHA-256: not served by this Java", e);
        }
    }

    private static KbsJwe of(JWEObject jwe) {
        ObjectNode members = BoundedJson.newObject();
        members.put("protected", jwe.getHeader().toBase64URL().toString());
        members.put("encrypted_key", jwe.getEncryptedKey().toString());
        members.put("iv", jwe.getIV().toString());
        members.put("ciphertext", jwe.getCipherText().toString());
        members.put("tag", jwe.getAuthTag().toString());
        return new KbsJwe(BoundedJson.bytes(members), members);
    }

    private static JWEObject encrypt(byte[] plaintext, TeePublicKey recipient) throws JOSEException {
        if (recipient.key() instanceof ECKey key) {
            return new OrderedEcdhEncrypter(key).encrypt(plaintext);
        }
        JWEHeader header = OrderedEcdhEncrypter.ordered(recipient.algorithm(), BoundedJson.newObject());
        JWEObject jwe = new JWEObject(header, new Payload(plaintext));
        jwe.encrypt(new RSAEncrypter((RSAKey) recipient.key()));
        return jwe;
    }

    private static JWEDecrypter decrypter(JWK key) throws JOSEException {
        return key instanceof ECKey ec ? new ECDHDecrypter(ec) : new RSADecrypter((RSAKey) key);
    }

    private static void requireHeader(byte[] header, JWEAlgorithm algorithm) {
        ObjectNode json = BoundedJson.object("JWE header", header, MAX_HEADER_BYTES);
        Set<String> expected = JWEAlgorithm.ECDH_ES_A256KW.equals(algorithm) ? EC_HEADER : RSA_HEADER;
        boolean known = Set.copyOf(json.propertyNames()).equals(expected)
                && algorithm.getName().equals(json.path("alg").asString(""))
                && EncryptionMethod.A256GCM.getName().equals(json.path("enc").asString(""));
        if (!known) {
            throw new KbsException.Malformed(
                    "JWE header", "another kind (expected: " + algorithm + ", A256GCM, no other members)");
        }
    }

    private Base64URL member(String name) {
        return new Base64URL(BoundedJson.text(members, name));
    }
}
