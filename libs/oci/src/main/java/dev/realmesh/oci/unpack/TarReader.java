// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.oci.unpack;

import dev.realmesh.oci.BulkInputStream;
import dev.realmesh.oci.OciException;
import java.io.ByteArrayOutputStream;
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
    private long globalBytes;

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
        metered.beginHeaders();
        try {
            Optional<TarArchiveEntry> entry = Optional.ofNullable(tar.getNextEntry());
            takeGlobal(metered.headers);
            return entry;
        } catch (IOException | IllegalArgumentException e) {
            throw malformed(e);
        } finally {
            metered.endHeaders();
        }
    }

    /// What the entry's headers say of its extended attributes.
    ///
    /// @throws OciException if they are too many, or not to be read
    ExtendedAttributes extendedAttributes(TarArchiveEntry entry, UnpackBudget budget) {
        boolean some = entry.getExtraPaxHeaders().keySet().stream().anyMatch(ExtendedAttributes::isRecord);
        return some
                ? ExtendedAttributes.of(PaxRecords.of(metered.headers.toByteArray()), budget)
                : ExtendedAttributes.NONE;
    }

    /// Content of the entry, or -1 at its end.
    int read(byte[] buffer) {
        try {
            return tar.getCurrentEntry() == null ? -1 : tar.read(buffer, 0, buffer.length);
        } catch (IOException | IllegalArgumentException e) {
            throw malformed(e);
        }
    }

    /// The library keeps global headers for all entries that follow.
    private void takeGlobal(ByteArrayOutputStream headers) {
        if (headers.size() > Metered.BLOCK_BYTES) {
            globalBytes += PaxRecords.globalBytes(headers.toByteArray());
            if (globalBytes > MAX_HEADER_BYTES) {
                throw new OciException.LimitExceeded("bytes of global tar headers", MAX_HEADER_BYTES);
            }
        }
    }

    private static OciException.Malformed malformed(Exception cause) {
        return new OciException.Malformed("layer: not a tar archive, " + cause.getMessage(), cause);
    }

    /// Bounds headers, and keeps those of the current entry.
    private static final class Metered extends BulkInputStream {
        private static final int BLOCK_BYTES = 512;

        private final ByteArrayOutputStream headers = new ByteArrayOutputStream();
        private final InputStream archive;
        private long allowance = Long.MAX_VALUE;
        private boolean inHeaders;
        private long position;

        private Metered(InputStream archive) {
            this.archive = archive;
        }

        @Override
        public int read(byte[] buffer, int offset, int length) throws IOException {
            int read = archive.read(buffer, offset, length);
            if (read > 0) {
                take(buffer, offset, read);
            }
            return read;
        }

        private void beginHeaders() {
            allowance = MAX_HEADER_BYTES;
            inHeaders = true;
            headers.reset();
        }

        private void endHeaders() {
            allowance = Long.MAX_VALUE;
            inHeaders = false;
        }

        private void take(byte[] buffer, int offset, int length) {
            allowance -= length;
            if (allowance < 0) {
                throw new OciException.LimitExceeded("bytes of a tar header", MAX_HEADER_BYTES);
            }
            if (inHeaders) {
                // What is left of the last entry's block comes first.
                int padding = headers.size() > 0 ? 0 : (int) Math.floorMod(-position, (long) BLOCK_BYTES);
                int rest = Math.min(padding, length);
                headers.write(buffer, offset + rest, length - rest);
            }
            position += length;
        }
    }
}
