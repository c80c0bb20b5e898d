// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.realm.image;

import dev.realmesh.oci.BlobSource;
import dev.realmesh.oci.BulkInputStream;
import dev.realmesh.oci.Descriptor;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicLong;

/// Blobs on their way in, several at a time: tells how many bytes came, and when the last one did.
final class MeteredBlobs implements BlobSource {
    private static final Duration PAUSE = Duration.ofMillis(200);

    private final BlobSource source;
    private final PullProgress progress;
    private final InstantSource clock;
    private final AtomicLong bytes = new AtomicLong();
    private volatile Instant lastByte;

    MeteredBlobs(BlobSource source, PullProgress progress, InstantSource clock) {
        this.source = source;
        this.progress = progress;
        this.clock = clock;
        this.lastByte = clock.instant();
    }

    @Override
    public InputStream open(Descriptor blob) throws IOException {
        return new Metered(blob, source.open(blob));
    }

    long bytes() {
        return bytes.get();
    }

    /// When the last byte came; when this was made, if none has.
    Instant lastByte() {
        return lastByte;
    }

    private final class Metered extends BulkInputStream {
        private final Descriptor descriptor;
        private final InputStream blob;
        private long come;
        private Instant nextReport = Instant.MIN;

        private Metered(Descriptor descriptor, InputStream blob) {
            this.descriptor = descriptor;
            this.blob = blob;
        }

        @Override
        public int read(byte[] buffer, int offset, int length) throws IOException {
            int count = blob.read(buffer, offset, length);
            if (count > 0) {
                come(count);
            }
            return count;
        }

        private void come(int count) {
            Instant now = clock.instant();
            bytes.addAndGet(count);
            lastByte = now;
            come += count;
            if (come == descriptor.size() || !now.isBefore(nextReport)) {
                nextReport = now.plus(PAUSE);
                progress.layer(descriptor, come);
            }
        }

        @Override
        public void close() throws IOException {
            blob.close();
        }
    }
}
