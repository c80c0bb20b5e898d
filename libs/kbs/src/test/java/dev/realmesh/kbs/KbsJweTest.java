// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.kbs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.realmesh.testkit.Vectors;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// The resource answer of a KBS: a JWE to the TEE key.
class KbsJweTest {
    private static final JsonMapper JSON = new JsonMapper();

    @ParameterizedTest(name = "{0}")
    @MethodSource("opening")
    void opensWhatAKbsSealed(String name, JsonNode vector) {
        try (SecretBytes secret = jwe(vector).open(key(vector))) {
            assertThat(secret.reveal()).isEqualTo(plaintext(vector));
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("broken")
    void refusesWhatIsAltered(String name, JsonNode vector) {
        TeeKey key = key(vector);

        assertThatThrownBy(() -> jwe(vector).open(key))
                .isInstanceOfAny(KbsException.NotSealedToKey.class, KbsException.Malformed.class);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("opening")
    void sealsForEachKindOfKey(String name, JsonNode vector) {
        TeeKey key = key(vector);
        KbsJwe jwe = KbsJwe.seal(SecretBytes.copyOf(plaintext(vector)), key.publicKey());

        assertThat(KbsJwe.parse(jwe.toJson()).open(key).reveal()).isEqualTo(plaintext(vector));
    }

    /// The guest of Confidential Containers writes the header again, in this order, to get the AAD.
    @Test
    void headerMembersAreInTheOrderThatGuestsWrite() {
        KbsJwe jwe = KbsJwe.seal(secret("s"), TeeKey.generate().publicKey());

        String header = decodedHeader(jwe);
        assertThat(header)
                .matches(
                        "\\{\"alg\":\"ECDH-ES\\+A256KW\",\"enc\":\"A256GCM\",\"epk\":"
                                + "\\{\"crv\":\"P-256\",\"kty\":\"EC\",\"x\":\"[A-Za-z0-9_-]{43}\",\"y\":\"[A-Za-z0-9_-]{43}\"}}");
    }

    @Test
    void eachSealHasAKeyOfItsOwn() {
        TeePublicKey recipient = TeeKey.generate().publicKey();

        assertThat(decodedHeader(KbsJwe.seal(secret("s"), recipient)))
                .isNotEqualTo(decodedHeader(KbsJwe.seal(secret("s"), recipient)));
    }

    @Test
    void anotherKeyDoesNotOpen() {
        KbsJwe jwe = KbsJwe.seal(secret("image key"), TeeKey.generate().publicKey());

        assertThatThrownBy(() -> jwe.open(TeeKey.generate()))
                .isInstanceOf(KbsException.NotSealedToKey.class)
                .hasMessageNotContaining("image key");
    }

    @ParameterizedTest
    @ValueSource(strings = {"protected", "encrypted_key", "iv", "ciphertext", "tag"})
    void oneFlippedBitAnywhereIsRefused(String member) {
        TeeKey key = TeeKey.generate();
        ObjectNode json = (ObjectNode)
                JSON.readTree(KbsJwe.seal(secret("image key"), key.publicKey()).toJson());
        byte[] value = Base64.getUrlDecoder().decode(json.required(member).stringValue());
        value[value.length - 3] ^= 1;
        json.put(member, Base64.getUrlEncoder().withoutPadding().encodeToString(value));

        assertThatThrownBy(() -> KbsJwe.parse(JSON.writeValueAsBytes(json)).open(key))
                .isInstanceOf(KbsException.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"alg\":\"dir\",\"enc\":\"A256GCM\",\"epk\":{}}",
                "{\"alg\":\"ECDH-ES\",\"enc\":\"A256GCM\",\"epk\":{}}",
                "{\"alg\":\"ECDH-ES+A256KW\",\"enc\":\"A128CBC-HS256\",\"epk\":{}}",
                "{\"alg\":\"ECDH-ES+A256KW\",\"enc\":\"A256GCM\",\"epk\":{},\"zip\":\"DEF\"}",
                "{\"alg\":\"ECDH-ES+A256KW\",\"enc\":\"A256GCM\",\"epk\":{},\"crit\":[\"x\"]}",
                "{\"alg\":\"ECDH-ES+A256KW\",\"enc\":\"A256GCM\",\"alg\":\"dir\",\"epk\":{}}",
                "{\"alg\":\"RSA-OAEP-256\",\"enc\":\"A256GCM\"}",
                "[]",
                "no JSON"
            })
    void headerOfAnotherKindIsRefused(String header) {
        TeeKey key = TeeKey.generate();
        ObjectNode json = (ObjectNode)
                JSON.readTree(KbsJwe.seal(secret("s"), key.publicKey()).toJson());
        json.put("protected", Base64.getUrlEncoder().encodeToString(header.getBytes(StandardCharsets.UTF_8)));

        assertThatThrownBy(() -> KbsJwe.parse(JSON.writeValueAsBytes(json)).open(key))
                .isInstanceOf(KbsException.Malformed.class);
    }

    /// An ephemeral key off the curve would let a sender learn the private key bit by bit.
    @Test
    void ephemeralKeyOffTheCurveIsRefused() {
        TeeKey key = TeeKey.generate();
        ObjectNode json = (ObjectNode)
                JSON.readTree(KbsJwe.seal(secret("s"), key.publicKey()).toJson());
        String header =
                "{\"alg\":\"ECDH-ES+A256KW\",\"enc\":\"A256GCM\",\"epk\":{\"crv\":\"P-256\",\"kty\":\"EC\",\"x\":\""
                        + "A".repeat(43) + "\",\"y\":\"" + "A".repeat(42) + "E\"}}";
        json.put("protected", Base64.getUrlEncoder().encodeToString(header.getBytes(StandardCharsets.UTF_8)));

        assertThatThrownBy(() -> KbsJwe.parse(JSON.writeValueAsBytes(json)).open(key))
                .isInstanceOf(KbsException.NotSealedToKey.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{}", "[]", "null", "{\"protected\":1}", "{\"protected\":\"\"} x"})
    void anythingElseIsNoJwe(String json) {
        assertThatThrownBy(() -> KbsJwe.parse(json.getBytes(StandardCharsets.UTF_8)))
                .isInstanceOf(KbsException.Malformed.class);
    }

    @Test
    void secretOfOneMebibyteFitsAndOneByteMoreDoesNot() {
        TeeKey key = TeeKey.generate();
        byte[] largest = new byte[KbsJwe.MAX_SECRET_BYTES];
        Arrays.fill(largest, (byte) 7);

        KbsJwe jwe = KbsJwe.parse(
                KbsJwe.seal(SecretBytes.copyOf(largest), key.publicKey()).toJson());
        assertThat(jwe.open(key).reveal()).isEqualTo(largest);
        assertThatThrownBy(() -> KbsJwe.seal(SecretBytes.copyOf(new byte[largest.length + 1]), key.publicKey()))
                .isInstanceOf(KbsException.Malformed.class);
    }

    static Stream<Object[]> opening() {
        return cases().filter(one -> expected(one).startsWith("decrypts")).map(KbsJweTest::named);
    }

    static Stream<Object[]> broken() {
        return cases().filter(one -> expected(one).startsWith("reject")).map(KbsJweTest::named);
    }

    private static Stream<JsonNode> cases() {
        return JSON.readTree(Vectors.bytes("coco/kbs-jwe/cases.json")).valueStream();
    }

    private static String expected(JsonNode vector) {
        return vector.required("expect").stringValue();
    }

    private static Object[] named(JsonNode vector) {
        return new Object[] {vector.required("name").stringValue(), vector};
    }

    private static KbsJwe jwe(JsonNode vector) {
        return KbsJwe.parse(JSON.writeValueAsBytes(vector.required("response")));
    }

    private static TeeKey key(JsonNode vector) {
        return TeeKey.parse(
                JSON.writeValueAsBytes(vector.required("teePrivateJwk")),
                vector.required("teePubkey").required("alg").stringValue());
    }

    private static byte[] plaintext(JsonNode vector) {
        return Base64.getDecoder().decode(vector.required("plaintextB64").stringValue());
    }

    private static String decodedHeader(KbsJwe jwe) {
        String header = JSON.readTree(jwe.toJson()).required("protected").stringValue();
        return new String(Base64.getUrlDecoder().decode(header), StandardCharsets.UTF_8);
    }

    private static SecretBytes secret(String text) {
        return SecretBytes.copyOf(text.getBytes(StandardCharsets.UTF_8));
    }
}
