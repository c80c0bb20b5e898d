// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.cca.token;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.realmesh.cca.corim.Corim;
import dev.realmesh.cca.corim.CorimProfile;
import dev.realmesh.cca.corim.Triple;
import dev.realmesh.testkit.Vectors;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;

/// Any text is a store of reference values or refused as one; what a store states is said by a CoRIM that reads the
/// same.
class ReferenceValueStoreFuzzTest {
    @MethodSource("recorded")
    @FuzzTest
    void reads(byte[] input) {
        ReferenceValueStore store;
        try {
            store = ReferenceValueStore.parse(new String(input, StandardCharsets.UTF_8));
        } catch (IllegalArgumentException e) {
            return;
        }
        requireSame(CorimProfile.PLATFORM, store.platforms());
        requireSame(CorimProfile.REALM, store.realms());
    }

    private static void requireSame(CorimProfile profile, List<? extends Triple> triples) {
        if (!triples.isEmpty()) {
            Corim corim = Corim.of("fuzzed", profile, triples);
            if (!Corim.decode(corim.encode()).triples().equals(corim.triples())) {
                throw new AssertionError("reference values read otherwise once they are written");
            }
        }
    }

    static Stream<byte[]> recorded() {
        String remOfNoHash =
                "{\"realm\":[{\"initial-measurement\":\"" + "00".repeat(32) + "\",\"extensible-measurements\":[\""
                        + "00".repeat(75) + "\"],\"personalization-value\":\"" + "00".repeat(64) + "\"}]}";
        return Stream.concat(
                Stream.of("rv-base", "rv").map(name -> Vectors.bytes("attestation/rust/" + name + ".json")),
                Stream.of(
                                "{}",
                                "{\"platform\":[{}]}",
                                "{\"realm\":[{\"extensible-measurements\":[]}]}",
                                remOfNoHash,
                                "{\"a\":" + "[".repeat(20_000))
                        .map(text -> text.getBytes(StandardCharsets.UTF_8)));
    }
}
