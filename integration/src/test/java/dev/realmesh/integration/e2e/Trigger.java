// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.integration.e2e;

import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/// Does something, once, when a text is written.
final class Trigger extends OutputStream {
    private final ByteArrayOutputStream written = new ByteArrayOutputStream();
    private final String text;
    private Runnable action;

    Trigger(String text, Runnable action) {
        this.text = text;
        this.action = action;
    }

    @Override
    public void write(int b) {
        write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) {
        written.write(bytes, offset, length);
        if (written.toString(StandardCharsets.UTF_8).contains(text)) {
            Runnable once = action;
            action = () -> {};
            once.run();
        }
    }
}
