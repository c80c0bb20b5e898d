// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.cli.container;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Keys that leave a container, typed one by one or pasted.
class DetachableInputTest {
    @ParameterizedTest
    @CsvSource({
        "abc,abc,0",
        "ab^P^Qcd,ab,1",
        "^P^Q,'',1",
        "a^Pb,a^Pb,0",
        "^P^P^Q,^P,1",
        "^Q^Pa^Q,^Q^Pa^Q,0",
        "'','',0",
    })
    void passesWhatIsTypedUntilItLeaves(String typed, String passed, int left) throws IOException {
        for (int chunk : new int[] {1, 2, 3, 64}) {
            AtomicInteger leaves = new AtomicInteger();
            InputStream source = new ByteArrayInputStream(bytes(typed)) {
                @Override
                public synchronized int read(byte[] into, int offset, int length) {
                    return super.read(into, offset, Math.min(chunk, length));
                }
            };
            assertThat(read(new DetachableInput(source, leaves::incrementAndGet), chunk))
                    .as("in pieces of " + chunk)
                    .isEqualTo(bytes(passed));
            assertThat(leaves).hasValue(left);
        }
    }

    private static byte[] read(InputStream input, int chunk) throws IOException {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        byte[] piece = new byte[chunk];
        for (int n = input.read(piece); n >= 0; n = input.read(piece)) {
            assertThat(n).isPositive();
            all.write(piece, 0, n);
        }
        return all.toByteArray();
    }

    private static byte[] bytes(String keys) {
        return keys.replace("^P", "\u0010").replace("^Q", "\u0011").getBytes(StandardCharsets.US_ASCII);
    }
}
