// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.cca.corim;

import static org.assertj.core.api.Assertions.assertThat;

import dev.realmesh.cca.Bytes;
import dev.realmesh.testkit.Vectors;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Reference values as JSON, held to what veraison/corim (53b3014) makes of the same CoRIMs:
/// `corim.UnmarshalUnsignedCorimFromCBOR`, then `json.Marshal` of each of `Triples.ReferenceValues` of its CoMIDs.
class TripleJsonTest {
    private static final JsonMapper JSON = JsonMapper.shared();

    static Stream<Arguments> recorded() {
        try (InputStream file = TripleJsonTest.class.getResourceAsStream("/corim/reference-value-triples.json")) {
            return JSON.readTree(file).properties().stream()
                    .map(entry -> Arguments.of(entry.getKey(), entry.getValue()))
                    .toList()
                    .stream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("recorded")
    void writesWhatVeraisonsLibraryWrites(String corim, JsonNode triples) {
        Bytes encoded = Bytes.copyOf(Vectors.bytes("attestation/endorsements/" + corim + ".cbor"));
        List<Map<String, Object>> written = Corim.decode(encoded).triples().stream()
                .flatMap(TripleJsonTest::json)
                .toList();

        assertThat(JSON.readTree(JSON.writeValueAsString(written))).isEqualTo(triples);
    }

    private static Stream<Map<String, Object>> json(Triple triple) {
        return switch (triple) {
            case PlatformReference platform -> Stream.of(TripleJson.of(platform));
            case RealmReference realm -> Stream.of(TripleJson.of(realm));
            case TrustAnchor unused -> Stream.empty();
        };
    }
}
