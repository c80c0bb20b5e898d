// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.cca.token;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.realmesh.cca.Bytes;
import dev.realmesh.testkit.Vectors;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;

/// Any bytes are a token or refused by a [TokenException]; a token that was read is written to what reads the same.
class CcaEvidenceFuzzTest {
    @MethodSource("recorded")
    @FuzzTest
    void decodes(byte[] input) {
        CcaEvidence evidence;
        try {
            evidence = CcaEvidence.decode(Bytes.copyOf(input));
        } catch (TokenException e) {
            return;
        }
        Bytes written = evidence.encode();
        if (!CcaEvidence.decode(written).encode().equals(written)) {
            throw new AssertionError("a token reads otherwise once it is written");
        }
        TokenJson.show(evidence);
    }

    static Stream<byte[]> recorded() throws IOException {
        try (Stream<Path> files = Files.list(Vectors.path("attestation/tokens"))) {
            List<Path> names = files.sorted().toList();
            return names.stream().map(file -> Vectors.bytes("attestation/tokens/" + file.getFileName()));
        }
    }
}
