// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.cli.command;

import dev.realmesh.proto.host.v1.LayerProgress;
import java.io.IOException;
import java.io.PrintStream;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/// How far an image's layers have come: on a terminal a bar for each, drawn again as more comes, else a line once a
/// layer
/// is there.
final class LayerLines {
    private static final int BAR_CHARACTERS = 30;
    private static final int DIGEST_CHARACTERS = "sha256:".length() + 12;
    private static final String CLEAR = "\r\u001b[K";

    private final PrintStream shown;
    private final boolean terminal;
    private final Map<String, LayerProgress> layers = new LinkedHashMap<>();
    private int drawn;

    /// @param terminal whether what is shown can be drawn over
    LayerLines(PrintStream shown, boolean terminal) {
        this.shown = shown;
        this.terminal = terminal;
    }

    /// Lines on a caller's standard error.
    static LayerLines of(Caller caller) {
        return new LayerLines(caller.err(), caller.equals(Caller.ofProcess()) && standardErrorIsTerminal());
    }

    void show(LayerProgress layer) {
        layers.put(layer.getDigest(), layer);
        if (terminal) {
            draw();
        } else if (layer.getBytes() == layer.getSize()) {
            shown.println(name(layer) + String.format(Locale.ROOT, " %.1f MB", megabytes(layer.getSize())));
        }
    }

    /// Something else was shown below.
    void passed() {
        drawn = 0;
    }

    private void draw() {
        StringBuilder lines = new StringBuilder();
        if (drawn > 0) {
            lines.append(String.format(Locale.ROOT, "\u001b[%dA", drawn));
        }
        for (LayerProgress layer : layers.values()) {
            lines.append(CLEAR).append(bar(layer)).append('\n');
        }
        drawn = layers.size();
        shown.print(lines);
        shown.flush();
    }

    private static String bar(LayerProgress layer) {
        double part = layer.getSize() == 0 ? 1 : Math.clamp((double) layer.getBytes() / layer.getSize(), 0, 1);
        int full = (int) (part * BAR_CHARACTERS);
        return String.format(
                Locale.ROOT,
                "%s [%s%s] %.1f of %.1f MB",
                name(layer),
                "=".repeat(full),
                " ".repeat(BAR_CHARACTERS - full),
                megabytes(layer.getBytes()),
                megabytes(layer.getSize()));
    }

    private static String name(LayerProgress layer) {
        String digest = layer.getDigest();
        return digest.substring(0, Math.min(DIGEST_CHARACTERS, digest.length()));
    }

    private static double megabytes(long bytes) {
        return bytes / 1e6;
    }

    private static boolean standardErrorIsTerminal() {
        try {
            return new ProcessBuilder("test", "-t", "2").inheritIO().start().waitFor() == 0;
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
