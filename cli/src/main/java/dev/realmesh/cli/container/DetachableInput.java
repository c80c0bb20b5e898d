// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.cli.container;

import dev.realmesh.oci.BulkInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;

/// What is typed on a terminal, up to Ctrl-P Ctrl-Q. Those two leave the container, as with other tools of its kind; a
/// Ctrl-P waits for what is typed next.
final class DetachableInput extends BulkInputStream {
    private static final int CHUNK_BYTES = 4096;
    private static final byte CTRL_P = 0x10;
    private static final byte CTRL_Q = 0x11;

    private final InputStream typed;
    private final Runnable leave;
    /// One more than a chunk, for a Ctrl-P of the chunk before.
    private final ByteBuffer passed = ByteBuffer.allocate(CHUNK_BYTES + 1).flip();
    private boolean held;
    private boolean ended;

    /// @param leave is called once, on the thread that reads
    DetachableInput(InputStream typed, Runnable leave) {
        this.typed = typed;
        this.leave = leave;
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
        if (length == 0) {
            return 0;
        }
        while (!passed.hasRemaining()) {
            if (ended) {
                return -1;
            }
            advance();
        }
        int count = Math.min(length, passed.remaining());
        passed.get(into, offset, count);
        return count;
    }

    private void advance() throws IOException {
        byte[] chunk = new byte[CHUNK_BYTES];
        int count = typed.read(chunk);
        ended = count < 0;
        passed.clear();
        for (int i = 0; i < count && !ended; i++) {
            take(chunk[i]);
        }
        passed.flip();
    }

    private void take(byte key) {
        if (held && key == CTRL_Q) {
            ended = true;
            leave.run();
            return;
        }
        if (held) {
            passed.put(CTRL_P);
        }
        held = key == CTRL_P;
        if (!held) {
            passed.put(key);
        }
    }
}
