// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.oci.unpack;

import dev.realmesh.oci.BulkInputStream;
import dev.realmesh.oci.OciException;
import java.io.IOException;
import java.io.InputStream;

/// What a decompressor gives, counted against the limits. Its own failures are content that cannot be decompressed.
final class BoundedExpansion extends BulkInputStream {
    private static final long FREE_BYTES = 16L << 20;

    private final InputStream decompressor;
    private final ReadAhead compressed;
    private final UnpackBudget budget;
    private long expanded;

    BoundedExpansion(InputStream decompressor, ReadAhead compressed, UnpackBudget budget) {
        this.decompressor = decompressor;
        this.compressed = compressed;
        this.budget = budget;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) {
        int read;
        try {
            read = decompressor.read(buffer, offset, length);
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
    public void close() throws IOException {
        decompressor.close();
    }
}
