// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.realmesh.proto.host.v1.LayerProgress;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/// What is shown of a pull.
class LayerLinesTest {
    private final ByteArrayOutputStream shown = new ByteArrayOutputStream();
    private final PrintStream stream = new PrintStream(shown, true, StandardCharsets.UTF_8);

    @Test
    void layerIsALineOnceItIsThere() {
        LayerLines lines = new LayerLines(stream, false);
        lines.show(layer("sha256:0123456789abcdef", 1_000_000));
        assertThat(shown.size()).isZero();
        lines.show(layer("sha256:0123456789abcdef", 4_000_000));
        assertThat(text()).isEqualTo("sha256:0123456789ab 4.0 MB\n");
    }

    @Test
    void layersAreBarsThatAreDrawnAgainOnATerminal() {
        LayerLines lines = new LayerLines(stream, true);
        lines.show(layer("sha256:a", 1_000_000));
        lines.show(layer("sha256:b", 4_000_000));
        assertThat(text())
                .isEqualTo("\r\033[Ksha256:a [=======                       ] 1.0 of 4.0 MB\n"
                        + "\033[1A"
                        + "\r\033[Ksha256:a [=======                       ] 1.0 of 4.0 MB\n"
                        + "\r\033[Ksha256:b [==============================] 4.0 of 4.0 MB\n");
    }

    @Test
    void nothingBelowABarIsDrawnOver() {
        LayerLines lines = new LayerLines(stream, true);
        lines.show(layer("sha256:a", 1));
        lines.passed();
        shown.reset();
        lines.show(layer("sha256:a", 4_000_000));
        assertThat(text()).doesNotContain("A\r");
    }

    private static LayerProgress layer(String digest, long bytes) {
        return LayerProgress.newBuilder()
                .setDigest(digest)
                .setBytes(bytes)
                .setSize(4_000_000)
                .build();
    }

    private String text() {
        return shown.toString(StandardCharsets.UTF_8);
    }
}
