// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.cca.token;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.realmesh.testkit.Vectors;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;

/// Any text is a store of trust anchors or refused as one; a store that was read is written to what reads the same.
class TrustAnchorStoreFuzzTest {
    @MethodSource("recorded")
    @FuzzTest
    void reads(byte[] input) {
        TrustAnchorStore store;
        try {
            store = TrustAnchorStore.parse(new String(input, StandardCharsets.UTF_8));
        } catch (IllegalArgumentException e) {
            return;
        }
        if (!Set.copyOf(TrustAnchorStore.parse(store.toJson()).anchors()).equals(Set.copyOf(store.anchors()))) {
            throw new AssertionError("a store reads otherwise once it is written");
        }
    }

    static Stream<byte[]> recorded() {
        String notOnTheCurve = "[{\"pkey\":{\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"AQ\",\"y\":\"Ag\"},"
                + "\"implementation-id\":\"" + "00".repeat(32) + "\",\"instance-id\":\"" + "01".repeat(33) + "\"}]";
        return Stream.concat(
                Stream.of("ta-base", "ta-02-ok", "ta-02-bad", "ta-tfa", "ta")
                        .map(name -> Vectors.bytes("attestation/rust/" + name + ".json")),
                Stream.of(notOnTheCurve, "[{\"pkey\":{}}]", "[".repeat(20_000))
                        .map(text -> text.getBytes(StandardCharsets.UTF_8)));
    }
}
