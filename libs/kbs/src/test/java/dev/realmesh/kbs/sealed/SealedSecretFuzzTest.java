// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.kbs.sealed;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.realmesh.testkit.Vectors;
import java.nio.charset.StandardCharsets;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Any text is a sealed secret, or refused by a [SealedSecretException]; and so are a key and a payload.
class SealedSecretFuzzTest {
    private static final JsonNode VECTOR = new JsonMapper().readTree(Vectors.text("coco/sealed-secrets/cases.json"));
    private static final SealedSecret SIGNED =
            SealedSecret.parse(VECTOR.path("cases").path(0).path("sealed").stringValue());

    @MethodSource("recorded")
    @FuzzTest
    void reads(byte[] input) {
        String text = new String(input, StandardCharsets.UTF_8);
        refusedOrNot(() -> SealedSecret.parse(text));
        refusedOrNot(() -> SealedSecret.parse(SealedSecret.PREFIX + text));
        refusedOrNot(() -> SIGNED.place(input));
        refusedOrNot(() -> SecretPlace.parse(input));
    }

    private static void refusedOrNot(Runnable reading) {
        try {
            reading.run();
        } catch (SealedSecretException e) {
            return;
        }
    }

    static Stream<byte[]> recorded() {
        Stream<String> sealed = VECTOR.path("cases")
                .valueStream()
                .map(vector -> vector.path("sealed").stringValue());
        Stream<String> payloads = VECTOR.path("cases")
                .valueStream()
                .filter(vector -> vector.has("payload"))
                .map(vector -> vector.path("payload").toString());
        Stream<String> keys = Stream.of(VECTOR.path("verificationPublicJwk").toString(), "{}", "[".repeat(20_000));
        return Stream.of(sealed, payloads, keys)
                .flatMap(texts -> texts)
                .map(text -> text.getBytes(StandardCharsets.UTF_8));
    }
}
