// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.kbs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.realmesh.testkit.Vectors;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Whole handshakes with a Trustee KBS, recorded: what a guest would compute from them, and what it would read.
class RecordedHandshakeTest {
    private static final JsonMapper JSON = new JsonMapper();

    @ParameterizedTest
    @ValueSource(strings = {"rcar-cca", "rcar-cca-initdata-sha512"})
    void realmTokenHoldsTheChallengeOfNonceAndKey(String recording) {
        JsonNode exchanges = exchanges(recording);
        Nonce nonce = Nonce.fromBase64(
                body(exchanges.get(0), "response").required("nonce").stringValue());

        assertThat(token(exchanges))
                .contains(new RuntimeData(nonce, teePublicKey(exchanges))
                        .challenge()
                        .toBytes());
    }

    @ParameterizedTest
    @ValueSource(strings = {"rcar-cca", "rcar-cca-initdata-sha512", "rcar-sample-p256", "rcar-sample-rsa-oaep-256"})
    void resourceAnswersOpenWithTheTeeKey(String recording) {
        JsonNode vector = vector(recording);
        TeeKey key = TeeKey.parse(
                JSON.writeValueAsBytes(vector.required("teePrivateJwk")),
                teePublicKey(exchanges(recording)).algorithm().getName());
        byte[] expected = vector.required("resourcePlaintext").stringValue().getBytes(StandardCharsets.UTF_8);

        List<byte[]> answers = resourceAnswers(exchanges(recording));

        assertThat(answers).hasSize(2).allSatisfy(answer -> {
            try (SecretBytes secret = KbsJwe.parse(answer).open(key)) {
                assertThat(secret.reveal()).isEqualTo(expected);
            }
        });
    }

    @Test
    void realmTokenHoldsTheDigestOfTheInitdataAsPersonalizationValue() {
        JsonNode exchanges = exchanges("rcar-cca-initdata-sha512");
        String document = body(exchanges.get(1), "request")
                .required("init-data")
                .required("body")
                .stringValue();

        Initdata initdata = Initdata.parse(document.getBytes(StandardCharsets.UTF_8));

        assertThat(token(exchanges)).contains(initdata.personalizationValue());
    }

    private static JsonNode vector(String recording) {
        return JSON.readTree(Vectors.bytes("coco/kbs-http/" + recording + ".json"));
    }

    private static JsonNode exchanges(String recording) {
        return vector(recording).required("exchanges");
    }

    private static JsonNode body(JsonNode exchange, String side) {
        return JSON.readTree(exchange.required(side).required("body").stringValue());
    }

    private static TeePublicKey teePublicKey(JsonNode exchanges) {
        JsonNode runtimeData = body(exchanges.get(1), "request").required("runtime-data");
        return TeePublicKey.parse(JSON.writeValueAsBytes(runtimeData.required("tee-pubkey")));
    }

    /// The CCA token, which the protocol carries as an array of numbers.
    private static byte[] token(JsonNode exchanges) {
        JsonNode numbers = body(exchanges.get(1), "request")
                .required("tee-evidence")
                .required("primary_evidence")
                .required("token");
        byte[] token = new byte[numbers.size()];
        for (int i = 0; i < token.length; i++) {
            token[i] = (byte) numbers.get(i).intValue();
        }
        return token;
    }

    private static List<byte[]> resourceAnswers(JsonNode exchanges) {
        List<byte[]> answers = new ArrayList<>();
        for (JsonNode exchange : exchanges) {
            boolean asksForResource =
                    exchange.required("request").required("path").stringValue().contains("/resource/");
            if (asksForResource) {
                String body = exchange.required("response").required("body").stringValue();
                answers.add(body.getBytes(StandardCharsets.UTF_8));
            }
        }
        return answers;
    }
}
