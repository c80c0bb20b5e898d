// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.host.machine.guest;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What a guest writes to its console, line by line. A guest may write what it likes: lines are cut and control
/// characters are shown as dots.
final class GuestConsole {
    private static final Logger LOG = LoggerFactory.getLogger(GuestConsole.class);
    private static final int MAX_LINE_BYTES = 2048;

    private GuestConsole() {}

    /// Gives each line of `output` to `sink` until it ends.
    static void drain(InputStream output, Consumer<String> sink) {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        try (BufferedInputStream in = new BufferedInputStream(output)) {
            for (int b = in.read(); b >= 0; b = in.read()) {
                if (b == '\n' || line.size() == MAX_LINE_BYTES) {
                    sink.accept(text(line));
                }
                if (b != '\n') {
                    line.write(b);
                }
            }
        } catch (IOException e) {
            LOG.debug("console ended: {}", e.getMessage());
        }
        if (line.size() > 0) {
            sink.accept(text(line));
        }
    }

    private static String text(ByteArrayOutputStream line) {
        String text = line.toString(StandardCharsets.UTF_8).replaceAll("\\p{Cntrl}", ".");
        line.reset();
        return text;
    }
}
