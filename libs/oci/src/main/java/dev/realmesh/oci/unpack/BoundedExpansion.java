// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.oci.unpack;

import dev.realmesh.oci.OciException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/// What a decompressor gives, counted against the limits. Its own failures are content that cannot be decompressed.
final class BoundedExpansion extends FilterInputStream {
    private static final long FREE_BYTES = 16L << 20;

    private final ReadAhead compressed;
    private final UnpackBudget budget;
    private long expanded;

    BoundedExpansion(InputStream decompressor, ReadAhead compressed, UnpackBudget budget) {
        super(decompressor);
        this.compressed = compressed;
        this.budget = budget;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) {
        int read;
        try {
            read = in.read(buffer, offset, length);
        } catch (IOException e) {
            throw new OciException.Malformed("layer: cannot be decompressed, " + e.getMessage(), e);
        }
        if (read > 0) {
            expanded += read;
            budget.takeArchiveBytes(read);
            int maxRatio = budget.limits().maxRatio();
            if (expanded > FREE_BYTES && expanded / maxRatio > compressed.count()) {
                throw new OciException.LimitExceeded("expansion of the layer, to 1", maxRatio);
            }
        }
        return read;
    }

    @Override
    public long skip(long wanted) throws IOException {
        byte[] skipped = new byte[(int) Math.min(Math.max(wanted, 0), 8192)];
        return skipped.length == 0 ? 0 : Math.max(read(skipped, 0, skipped.length), 0);
    }

    @Override
    public boolean markSupported() {
        return false;
    }
}
