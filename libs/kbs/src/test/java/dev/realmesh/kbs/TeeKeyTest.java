// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.kbs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.nimbusds.jose.JWEObject;
import com.nimbusds.jose.crypto.ECDHDecrypter;
import java.nio.charset.StandardCharsets;
import java.security.KeyFactory;
import java.security.interfaces.ECPrivateKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Keys that secrets are sealed to, and secrets themselves in memory.
class TeeKeyTest {
    private static final String X = "LztPRHBciA-_AGTNHLu4fwWRlyCzhBv6mybzodT9g9E";
    private static final String Y = "iv7poaSdo477un755qZxO1lI6RR3u2YaKQDUji5ocAw";
    private static final String ALG = "\"alg\":\"ECDH-ES+A256KW\",";

    @Test
    void publicHalfIsAWholeJwkInCanonicalForm() {
        TeeKey key = TeeKey.generate();

        assertThat(key.publicKey().toJson())
                .matches("\\{\"alg\":\"ECDH-ES\\+A256KW\",\"crv\":\"P-256\",\"kty\":\"EC\","
                        + "\"x\":\"[A-Za-z0-9_-]{43}\",\"y\":\"[A-Za-z0-9_-]{43}\"}");
        assertThat(key.toString()).doesNotContain("\"d\"");
    }

    @Test
    void privateHalfIsPemThatOtherProgramsRead() throws Exception {
        TeeKey key = TeeKey.generate();

        String pem;
        try (SecretBytes secret = key.toPem()) {
            pem = new String(secret.reveal(), StandardCharsets.US_ASCII);
        }

        assertThat(pem).startsWith("-----BEGIN PRIVATE KEY-----\n").endsWith("\n-----END PRIVATE KEY-----\n");
        byte[] der = Base64.getMimeDecoder().decode(pem.replaceAll("-----[A-Z ]+-----", ""));
        var read = (ECPrivateKey) KeyFactory.getInstance("EC").generatePrivate(new PKCS8EncodedKeySpec(der));
        SecretBytes secret = SecretBytes.copyOf(new byte[] {1, 2, 3});
        ECDHDecrypter opener = new ECDHDecrypter(read);
        JWEObject sealed = JWEObject.parse(compact(KbsJwe.seal(secret, key.publicKey())));
        sealed.decrypt(opener);
        assertThat(sealed.getPayload().toBytes()).containsExactly(1, 2, 3);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"kty\":\"EC\",\"crv\":\"P-256\"," + ALG + "\"x\":\"" + X + "\"}",
                "{\"kty\":\"EC\",\"crv\":\"P-256\"," + ALG + "\"x\":\"" + X + "\",\"y\":\"" + X + "\"}",
                "{\"kty\":\"EC\",\"crv\":\"P-256\"," + ALG + "\"x\":\"" + X + "=\",\"y\":\"" + Y + "\"}",
                "{\"kty\":\"EC\",\"crv\":\"P-256\"," + ALG + "\"x\":\"" + X + "\",\"y\":\"" + Y + "\",\"d\":\"" + X
                        + "\"}",
                "{\"kty\":\"EC\",\"crv\":\"P-256\"," + ALG + "\"x\":\"" + X + "\",\"y\":\"" + Y + "\",\"kid\":\"1\"}",
                "{\"kty\":\"EC\",\"crv\":\"P-384\"," + ALG + "\"x\":\"" + X + "\",\"y\":\"" + Y + "\"}",
                "{\"kty\":\"EC\",\"crv\":\"secp256k1\"," + ALG + "\"x\":\"" + X + "\",\"y\":\"" + Y + "\"}",
                "{\"kty\":\"EC\",\"crv\":\"P-256\",\"alg\":\"ECDH-ES\",\"x\":\"" + X + "\",\"y\":\"" + Y + "\"}",
                "{\"kty\":\"EC\",\"crv\":\"P-256\",\"alg\":1,\"x\":\"" + X + "\",\"y\":\"" + Y + "\"}",
                "{\"kty\":\"RSA\",\"alg\":\"RSA-OAEP-256\",\"n\":\"" + X + "\",\"e\":\"AQAB\"}",
                "{\"kty\":\"oct\",\"k\":\"" + X + "\"}",
                "{\"kty\":[\"EC\"]}",
                "{}",
                "[]",
                ""
            })
    void keyOfAnotherShapeIsRefused(String jwk) {
        assertThatThrownBy(() -> TeePublicKey.parse(jwk.getBytes(StandardCharsets.UTF_8)))
                .isInstanceOf(KbsException.Malformed.class)
                .hasMessageNotContaining(X);
    }

    @Test
    void publicKeyIsNoPrivateKey() {
        byte[] publicJwk = TeeKey.generate().publicKey().toJson().getBytes(StandardCharsets.UTF_8);

        assertThatThrownBy(() -> TeeKey.parse(publicJwk, "ECDH-ES+A256KW")).isInstanceOf(KbsException.Malformed.class);
    }

    @Test
    void closedSecretIsZeroAndUnreadable() {
        byte[] material = {1, 2, 3};
        SecretBytes secret = SecretBytes.taking(material);
        assertThat(secret.toString()).isEqualTo("SecretBytes[3 bytes]");
        assertThat(secret.matches(SecretBytes.copyOf(new byte[] {1, 2, 3}))).isTrue();
        assertThat(secret.matches(SecretBytes.copyOf(new byte[] {1, 2, 4}))).isFalse();

        secret.close();

        assertThat(material).containsOnly(0);
        assertThatThrownBy(secret::reveal).isInstanceOf(IllegalStateException.class);
    }

    private static String compact(KbsJwe jwe) {
        JsonNode json = new JsonMapper().readTree(jwe.toJson());
        return Stream.of("protected", "encrypted_key", "iv", "ciphertext", "tag")
                .map(part -> json.path(part).stringValue())
                .collect(Collectors.joining("."));
    }
}
