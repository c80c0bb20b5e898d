// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.cca.corim;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.realmesh.cca.Bytes;
import dev.realmesh.testkit.Vectors;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;

/// Any bytes are a CoRIM or refused by a [CorimException]; a CoRIM that was read is written to what reads the same.
class CorimFuzzTest {
    private static final Instant NOW = Instant.parse("2026-11-23T12:00:00Z");

    @MethodSource("recorded")
    @FuzzTest
    void decodes(byte[] input) {
        Bytes encoded = Bytes.copyOf(input);
        try {
            if (SignedCorim.isSigned(encoded)) {
                SignedCorim.decode(encoded).verify(List.of(encoded), NOW);
                throw new AssertionError("a CoRIM is not its own root");
            }
            Corim corim = Corim.decode(encoded);
            if (!Corim.decode(corim.encode()).encode().equals(corim.encode())) {
                throw new AssertionError("a CoRIM reads otherwise once it is written");
            }
        } catch (CorimException e) {
            return;
        }
    }

    static Stream<byte[]> recorded() throws IOException {
        try (Stream<Path> files = Files.list(Vectors.path("attestation/endorsements"))) {
            List<Path> names = files.sorted().toList();
            return names.stream().map(file -> Vectors.bytes("attestation/endorsements/" + file.getFileName()));
        }
    }
}
