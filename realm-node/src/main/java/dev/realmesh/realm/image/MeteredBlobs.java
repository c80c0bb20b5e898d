// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.realm.image;

import dev.realmesh.oci.BlobSource;
import dev.realmesh.oci.BulkInputStream;
import dev.realmesh.oci.Descriptor;
import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicLong;

/// Blobs on their way in, several at a time: tells how many bytes came, and when the last one did.
final class MeteredBlobs implements BlobSource {
    private final BlobSource source;
    private final InstantSource clock;
    private final AtomicLong bytes = new AtomicLong();
    private volatile Instant lastByte;

    MeteredBlobs(BlobSource source, InstantSource clock) {
        this.source = source;
        this.clock = clock;
        this.lastByte = clock.instant();
    }

    @Override
    public InputStream open(Descriptor blob) throws IOException {
        return new Metered(source.open(blob));
    }

    long bytes() {
        return bytes.get();
    }

    /// When the last byte came; when this was made, if none has.
    Instant lastByte() {
        return lastByte;
    }

    private final class Metered extends BulkInputStream {
        private final InputStream blob;

        private Metered(InputStream blob) {
            this.blob = blob;
        }

        @Override
        public int read(byte[] buffer, int offset, int length) throws IOException {
            int count = blob.read(buffer, offset, length);
            if (count > 0) {
                bytes.addAndGet(count);
                lastByte = clock.instant();
            }
            return count;
        }

        @Override
        public void close() throws IOException {
            blob.close();
        }
    }
}
