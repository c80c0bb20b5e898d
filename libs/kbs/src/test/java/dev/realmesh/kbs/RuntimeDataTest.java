// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.kbs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.realmesh.testkit.Vectors;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The binding of evidence to nonce and TEE key: JCS (RFC 8785), SHA-384, padding to the realm challenge.
class RuntimeDataTest {
    private static final JsonMapper JSON = new JsonMapper();

    @ParameterizedTest(name = "{0}")
    @MethodSource("sessions")
    void challengeIsThatOfTheRecordedSession(String name, JsonNode expected) {
        RuntimeData data = new RuntimeData(
                Nonce.fromBase64(expected.required("nonce").stringValue()),
                TeePublicKey.parse(expected.required("teePubkey").toString().getBytes(StandardCharsets.UTF_8)),
                expected.required("additionalEvidence").stringValue());

        assertThat(data.canonical())
                .isEqualTo(expected.required("canonicalPrimary").stringValue());
        assertThat(data.challenge())
                .hasToString(expected.required("ccaChallenge64").stringValue());
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("structures")
    void canonicalFormAndDigestAreThoseOfTheVector(String name, JsonNode expected) throws Exception {
        String canonical = CanonicalJson.of(expected.required("structured"));

        assertThat(canonical).isEqualTo(expected.required("canonical").stringValue());
        byte[] sha384 = MessageDigest.getInstance("SHA-384").digest(canonical.getBytes(StandardCharsets.UTF_8));
        assertThat(HexFormat.of().formatHex(sha384))
                .isEqualTo(expected.required("sha384").stringValue());
    }

    /// RFC 8785, appendix B.
    @ParameterizedTest
    @CsvSource({
        "0000000000000000, 0",
        "8000000000000000, 0",
        "0000000000000001, 5e-324",
        "8000000000000001, -5e-324",
        "7fefffffffffffff, 1.7976931348623157e+308",
        "4340000000000000, 9007199254740992",
        "c340000000000000, -9007199254740992",
        "4430000000000000, 295147905179352830000",
        "44b52d02c7e14af5, 9.999999999999997e+22",
        "44b52d02c7e14af6, 1e+23",
        "44b52d02c7e14af7, 1.0000000000000001e+23",
        "444b1ae4d6e2ef4e, 999999999999999700000",
        "444b1ae4d6e2ef50, 1e+21",
        "3eb0c6f7a0b5ed8c, 9.999999999999997e-7",
        "3eb0c6f7a0b5ed8d, 0.000001",
        "41b3de4355555553, 333333333.3333332",
        "41b3de4355555557, 333333333.33333343",
        "becbf647612f3696, -0.0000033333333333333333",
        "43143ff3c1cb0959, 1424953923781206.2",
    })
    void numbersAreWrittenAsInAppendixB(String bits, String text) {
        double value = Double.longBitsToDouble(Long.parseUnsignedLong(bits, 16));

        assertThat(CanonicalJson.of(JSON.valueToTree(value))).isEqualTo(text);
    }

    @Test
    void halfASurrogatePairHasNoCanonicalForm() {
        assertThatThrownBy(() -> CanonicalJson.of(JSON.valueToTree("a\ud800b")))
                .isInstanceOf(KbsException.Malformed.class);
        assertThatThrownBy(() -> CanonicalJson.of(JSON.valueToTree("\udc00")))
                .isInstanceOf(KbsException.Malformed.class);
    }

    @Test
    void anotherNonceOrKeyIsAnotherChallenge() {
        Nonce nonce = Nonce.of(new byte[32]);
        byte[] other = new byte[32];
        other[31] = 1;
        TeePublicKey key = TeeKey.generate().publicKey();
        Challenge challenge = new RuntimeData(nonce, key).challenge();

        assertThat(new RuntimeData(nonce, key).challenge()).isEqualTo(challenge);
        assertThat(new RuntimeData(Nonce.of(other), key).challenge()).isNotEqualTo(challenge);
        assertThat(new RuntimeData(nonce, TeeKey.generate().publicKey()).challenge())
                .isNotEqualTo(challenge);
    }

    /// The order of members and blanks of the JWK say nothing.
    @Test
    void challengeIsOverTheCanonicalKeyNotOverItsText() {
        String jwk = TeeKey.generate().publicKey().toJson();
        String[] members = jwk.substring(1, jwk.length() - 1).split(",");
        String shuffled = "{ "
                + Stream.of(4, 2, 0, 3, 1)
                        .map(i -> members[i])
                        .reduce((a, b) -> a + " ,\n" + b)
                        .orElseThrow() + " }";

        assertThat(TeePublicKey.parse(shuffled.getBytes(StandardCharsets.UTF_8)).toJson())
                .isEqualTo(jwk);
    }

    static Stream<Object[]> sessions() {
        return cases("canonicalPrimary");
    }

    static Stream<Object[]> structures() {
        return cases("structured");
    }

    private static Stream<Object[]> cases(String member) {
        return JSON.readTree(Vectors.bytes("coco/runtime-data/cases.json"))
                .valueStream()
                .filter(one -> one.has(member))
                .map(one -> new Object[] {one.required("name").stringValue(), one});
    }
}
