// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.realm.image;

import dev.realmesh.oci.BlobSource;
import dev.realmesh.oci.Descriptor;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;

/// Blobs on their way in, several at a time: tells how many bytes came, and when the last one did.
final class MeteredBlobs implements BlobSource {
    private final BlobSource source;
    private final InstantSource clock;
    private final AtomicLong bytes = new AtomicLong();
    private final AtomicReference<Instant> lastByte;

    MeteredBlobs(BlobSource source, InstantSource clock) {
        this.source = source;
        this.clock = clock;
        this.lastByte = new AtomicReference<>(clock.instant());
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
        return lastByte.get();
    }

    private final class Metered extends FilterInputStream {
        private Metered(InputStream in) {
            super(in);
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] buffer, int offset, int length) throws IOException {
            int count = in.read(buffer, offset, length);
            if (count > 0) {
                bytes.addAndGet(count);
                lastByte.accumulateAndGet(clock.instant(), (one, other) -> one.isAfter(other) ? one : other);
            }
            return count;
        }
    }
}
