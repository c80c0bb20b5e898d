// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.cli.container;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/// What is typed on a terminal, up to Ctrl-P Ctrl-Q. Those two leave the container, as with other tools of its kind; a
/// Ctrl-P before anything else is typed.
final class DetachableInput extends FilterInputStream {
    private static final int CTRL_P = 0x10;
    private static final int CTRL_Q = 0x11;

    private final Runnable leave;
    private boolean held;
    private boolean left;

    /// @param leave is called once, on the thread that reads
    DetachableInput(InputStream typed, Runnable leave) {
        super(typed);
        this.leave = leave;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : Byte.toUnsignedInt(one[0]);
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
        int count = 0;
        while (count == 0 && length > 0) {
            if (left) {
                return -1;
            }
            count = typed(into, offset, length);
        }
        return count;
    }

    /// Reads once; 0 if all of it was held back.
    private int typed(byte[] into, int offset, int length) throws IOException {
        byte[] typed = new byte[Math.max(1, length - 1)];
        int count = in.read(typed);
        if (count < 0) {
            left = true;
            return 0;
        }
        int end = offset;
        for (int i = 0; i < count && !left; i++) {
            if (held && typed[i] == CTRL_Q) {
                left = true;
                leave.run();
            } else {
                end = pass(typed[i], into, end);
            }
        }
        return end - offset;
    }

    private int pass(byte typed, byte[] into, int at) {
        int end = at;
        if (held) {
            into[end++] = CTRL_P;
        }
        held = typed == CTRL_P;
        if (!held) {
            into[end++] = typed;
        }
        return end;
    }
}
