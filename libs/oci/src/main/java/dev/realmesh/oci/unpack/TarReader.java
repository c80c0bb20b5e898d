// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.oci.unpack;

import dev.realmesh.oci.OciException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;

/// Entries of a tar archive, one after the other. The library reads long names and PAX headers into memory, so each
/// header with its extensions is bounded here. What cannot be read as tar is [OciException.Malformed].
final class TarReader {
    private static final long MAX_HEADER_BYTES = 1 << 20;

    private final Metered metered;
    private final TarArchiveInputStream tar;

    TarReader(InputStream archive) {
        this.metered = new Metered(archive);
        this.tar = new TarArchiveInputStream(metered, "UTF-8");
    }

    /// The next entry; what was not read of the last one's content is passed over.
    Optional<TarArchiveEntry> next() {
        byte[] rest = new byte[8192];
        int read = read(rest);
        while (read >= 0) {
            read = read(rest);
        }
        metered.allowance = MAX_HEADER_BYTES;
        try {
            return Optional.ofNullable(tar.getNextEntry());
        } catch (IOException | IllegalArgumentException e) {
            throw malformed(e);
        } finally {
            metered.allowance = Long.MAX_VALUE;
        }
    }

    /// Content of the entry, or -1 at its end.
    int read(byte[] buffer) {
        try {
            return tar.getCurrentEntry() == null ? -1 : tar.read(buffer, 0, buffer.length);
        } catch (IOException | IllegalArgumentException e) {
            throw malformed(e);
        }
    }

    private static OciException.Malformed malformed(Exception cause) {
        return new OciException.Malformed("layer: not a tar archive, " + cause.getMessage(), cause);
    }

    private static final class Metered extends FilterInputStream {
        private long allowance = Long.MAX_VALUE;

        private Metered(InputStream archive) {
            super(archive);
        }

        @Override
        public int read() throws IOException {
            take(1);
            return in.read();
        }

        @Override
        public int read(byte[] buffer, int offset, int length) throws IOException {
            int read = in.read(buffer, offset, length);
            take(read);
            return read;
        }

        @Override
        public long skip(long wanted) throws IOException {
            long skipped = in.skip(wanted);
            take(skipped);
            return skipped;
        }

        private void take(long bytes) {
            allowance -= Math.max(bytes, 0);
            if (allowance < 0) {
                throw new OciException.LimitExceeded("bytes of a tar header", MAX_HEADER_BYTES);
            }
        }
    }
}
