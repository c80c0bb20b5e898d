// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.kbs.aael;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.realmesh.testkit.Vectors;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;

/// Any bytes are an event log, which is written to the same bytes, or refused by an [AaelException].
class AaelLogFuzzTest {
    @MethodSource("recorded")
    @FuzzTest
    void reads(byte[] input) {
        AaelLog log;
        try {
            log = AaelLog.parse(input);
        } catch (AaelException e) {
            return;
        }
        if (!Arrays.equals(log.toBytes(), input)) {
            throw new AssertionError("a log is other bytes once it is written");
        }
    }

    static Stream<byte[]> recorded() {
        return Stream.of("one-sha256", "three-sha384", "tampered-content")
                .map(name -> Vectors.bytes("coco/aael/" + name + ".bin"));
    }
}
