// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.keybroker.admin;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSObject;
import com.nimbusds.jose.crypto.ECDSAVerifier;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.OctetKeyPair;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.Signature;
import java.security.interfaces.ECPublicKey;
import java.security.spec.X509EncodedKeySpec;
import java.text.ParseException;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/// A public key of an issuer of tokens: Ed25519 checks EdDSA only, P-256 ES256 only.
final class IssuerKey {
    private static final int MAX_FILE_BYTES = 64 << 10;
    private static final String PEM_BEGIN = "-----BEGIN PUBLIC KEY-----";
    private static final String PEM_END = "-----END PUBLIC KEY-----";

    /// SubjectPublicKeyInfo of Ed25519 (RFC 8410) up to the 32 bytes of the key.
    private static final byte[] ED25519_INFO = HexFormat.of().parseHex("302a300506032b6570032100");

    private static final int ED25519_BYTES = 32;

    private final Optional<String> id;
    private final PublicKey key;

    private IssuerKey(Optional<String> id, PublicKey key) {
        this.id = id;
        this.key = key;
    }

    /// The keys in a file: a JWK, a JWK set, or one key in PEM.
    ///
    /// @throws IllegalArgumentException if it has none, or one of another kind
    static List<IssuerKey> in(Path file) {
        try {
            if (Files.size(file) > MAX_FILE_BYTES) {
                throw new IllegalArgumentException("keys: " + file + " is too long (expected: public keys)");
            }
            String text = Files.readString(file).strip();
            if (text.startsWith(PEM_BEGIN)) {
                return List.of(new IssuerKey(Optional.empty(), pem(text)));
            }
            JWKSet set = text.contains("\"keys\"") ? JWKSet.parse(text) : new JWKSet(JWK.parse(text));
            return set.getKeys().stream().map(IssuerKey::of).toList();
        } catch (IOException e) {
            throw new IllegalArgumentException("keys: " + file + " cannot be read (expected: public keys)", e);
        } catch (ParseException | IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "keys: " + file + " has no such key (expected: Ed25519 or P-256, as JWK, JWK set or PEM)", e);
        }
    }

    /// Whether a token that names a key means this one: by its id, or none.
    boolean isMeantBy(JWSObject token) {
        String named = token.getHeader().getKeyID();
        return named == null || id.isEmpty() || id.get().equals(named);
    }

    /// Whether this key signed the token.
    boolean signed(JWSObject token) {
        try {
            JWSAlgorithm algorithm = token.getHeader().getAlgorithm();
            if (key instanceof ECPublicKey ec) {
                return algorithm.equals(JWSAlgorithm.ES256) && token.verify(new ECDSAVerifier(ec));
            }
            return algorithm.equals(JWSAlgorithm.EdDSA) && isEd25519Signature(token);
        } catch (JOSEException | GeneralSecurityException e) {
            return false;
        }
    }

    private boolean isEd25519Signature(JWSObject token) throws GeneralSecurityException {
        Signature signature = Signature.getInstance("Ed25519");
        signature.initVerify(key);
        signature.update(token.getSigningInput());
        return signature.verify(token.getSignature().decode());
    }

    private static IssuerKey of(JWK jwk) {
        return new IssuerKey(Optional.ofNullable(jwk.getKeyID()), publicKey(jwk));
    }

    private static PublicKey publicKey(JWK jwk) {
        try {
            return switch (jwk) {
                case ECKey ec -> requireP256(ec.toECPublicKey());
                case OctetKeyPair okp -> ed25519(okp);
                default -> throw new IllegalArgumentException(jwk.getKeyType().getValue());
            };
        } catch (JOSEException | GeneralSecurityException e) {
            throw new IllegalArgumentException(e);
        }
    }

    private static PublicKey ed25519(OctetKeyPair okp) throws GeneralSecurityException {
        byte[] raw = okp.getDecodedX();
        if (!okp.getCurve().equals(Curve.Ed25519) || raw.length != ED25519_BYTES) {
            throw new IllegalArgumentException(okp.getCurve().getName());
        }
        byte[] info = new byte[ED25519_INFO.length + ED25519_BYTES];
        System.arraycopy(ED25519_INFO, 0, info, 0, ED25519_INFO.length);
        System.arraycopy(raw, 0, info, ED25519_INFO.length, ED25519_BYTES);
        return KeyFactory.getInstance("Ed25519").generatePublic(new X509EncodedKeySpec(info));
    }

    private static PublicKey pem(String text) {
        String content = text.substring(PEM_BEGIN.length()).replace(PEM_END, "");
        X509EncodedKeySpec info = new X509EncodedKeySpec(Base64.getMimeDecoder().decode(content));
        try {
            return KeyFactory.getInstance("Ed25519").generatePublic(info);
        } catch (GeneralSecurityException notEd25519) {
            try {
                return requireP256((ECPublicKey) KeyFactory.getInstance("EC").generatePublic(info));
            } catch (GeneralSecurityException e) {
                throw new IllegalArgumentException(e);
            }
        }
    }

    private static ECPublicKey requireP256(ECPublicKey key) {
        if (!Curve.P_256.equals(Curve.forECParameterSpec(key.getParams()))) {
            throw new IllegalArgumentException("another curve");
        }
        return key;
    }
}
