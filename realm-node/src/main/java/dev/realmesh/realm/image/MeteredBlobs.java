// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.realm.image;

import dev.realmesh.oci.BlobSource;
import dev.realmesh.oci.Descriptor;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/// Blobs on their way in, with how many bytes there were and how long they were waited for. For one thread.
final class MeteredBlobs implements BlobSource {
    private final BlobSource source;
    private final InstantSource clock;
    private long bytes;
    private Duration waited = Duration.ZERO;

    MeteredBlobs(BlobSource source, InstantSource clock) {
        this.source = source;
        this.clock = clock;
    }

    @Override
    public InputStream open(Descriptor blob) throws IOException {
        return new Metered(source.open(blob));
    }

    long bytes() {
        return bytes;
    }

    Duration waited() {
        return waited;
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
            Instant start = clock.instant();
            int count = in.read(buffer, offset, length);
            waited = waited.plus(Duration.between(start, clock.instant()));
            bytes += Math.max(count, 0);
            return count;
        }
    }
}
