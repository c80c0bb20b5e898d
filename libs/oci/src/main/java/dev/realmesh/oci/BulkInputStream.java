// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.oci;

import java.io.IOException;
import java.io.InputStream;

/// A stream that is read by the buffer: a single byte, and what is skipped, is read like any other, so that nothing
/// passes a check or a count by.
public abstract class BulkInputStream extends InputStream {
    @Override
    public final int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public abstract int read(byte[] buffer, int offset, int length) throws IOException;
}
