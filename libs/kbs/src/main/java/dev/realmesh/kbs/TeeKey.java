// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.kbs;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.jwk.AsymmetricJWK;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.text.ParseException;
import java.util.Arrays;
import java.util.Base64;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/// The key pair of a TEE. The private half is made in the Realm, lives in its memory only, and opens what a broker
/// sealed.
public final class TeeKey {
    private static final byte[] PEM_BEGIN = "-----BEGIN PRIVATE KEY-----\n".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] PEM_END = "\n-----END PRIVATE KEY-----\n".getBytes(StandardCharsets.US_ASCII);

    private final JWK key;
    private final TeePublicKey publicKey;

    private TeeKey(JWK key, TeePublicKey publicKey) {
        this.key = key;
        this.publicKey = publicKey;
    }

    /// A new pair on P-256 for `ECDH-ES+A256KW`: what guests use by default.
    public static TeeKey generate() {
        try {
            return of(new ECKeyGenerator(Curve.P_256).generate(), "ECDH-ES+A256KW");
        } catch (JOSEException e) {
            throw new IllegalStateException("P-256: not served by this Java (expected: an EC provider)", e);
        }
    }

    /// Reads a private JWK.
    ///
    /// @param algorithm the JWE algorithm that the key is for; the key decides it, never a message
    /// @throws KbsException.Malformed if it is no private key of a kind that [TeePublicKey] knows
    public static TeeKey parse(byte[] privateJwk, String algorithm) {
        try {
            JWK key = JWK.parse(new String(privateJwk, StandardCharsets.UTF_8));
            // A symmetric key is private, and has no public half.
            if (key.isPrivate() && key.toPublicJWK() != null) {
                return of(key, algorithm);
            }
        } catch (ParseException | IllegalStateException e) {
            throw new KbsException.Malformed("TEE key", "not a JWK (expected: a private EC or RSA JWK)");
        }
        throw new KbsException.Malformed("TEE key", "no key pair (expected: a private EC or RSA JWK)");
    }

    /// The half that evidence is bound to.
    public TeePublicKey publicKey() {
        return publicKey;
    }

    /// The private half as PEM of PKCS #8, for a program that opens with it what a broker sealed to it.
    public SecretBytes toPem() {
        try {
            byte[] der = ((AsymmetricJWK) key).toPrivateKey().getEncoded();
            byte[] base64 = Base64.getMimeEncoder(64, new byte[] {'\n'}).encode(der);
            byte[] pem = join(PEM_BEGIN, base64, PEM_END);
            Arrays.fill(der, (byte) 0);
            Arrays.fill(base64, (byte) 0);
            return SecretBytes.taking(pem);
        } catch (JOSEException e) {
            throw new IllegalStateException("TEE key: not encoded by this Java (expected: PKCS #8)", e);
        }
    }

    JWK key() {
        return key;
    }

    private static byte[] join(byte[]... parts) {
        ByteBuffer all = ByteBuffer.allocate(
                Arrays.stream(parts).mapToInt(part -> part.length).sum());
        Arrays.stream(parts).forEach(all::put);
        return all.array();
    }

    private static TeeKey of(JWK key, String algorithm) {
        Map<String, Object> members = new TreeMap<>(key.toPublicJWK().toJSONObject());
        members.keySet().retainAll(Set.of("kty", "crv", "x", "y", "n", "e"));
        members.put("alg", algorithm);
        var json = BoundedJson.newObject();
        members.forEach((name, value) -> json.put(name, (String) value));
        return new TeeKey(key, TeePublicKey.parse(BoundedJson.bytes(json)));
    }

    @Override
    public String toString() {
        return "TeeKey[" + publicKey + "]";
    }
}
