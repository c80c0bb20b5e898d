// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.image.registry;

import dev.realmesh.oci.OciDigest;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/// Whether blobs still are what they were when they came. To read one costs as much again as to give it out, so what
/// was
/// right is taken to be right for an hour, as long as it is as long as it was.
final class Integrity {
    private static final Duration TRUSTED = Duration.ofHours(1);
    private static final int BUFFER_BYTES = 256 << 10;

    private final InstantSource clock;
    private final Map<OciDigest, Seen> seen = new ConcurrentHashMap<>();

    Integrity(InstantSource clock) {
        this.clock = clock;
    }

    private record Seen(long size, Instant until) {}

    /// Remembers a blob whose digest was looked at as it came.
    void arrived(OciDigest digest, long size) {
        seen.put(digest, new Seen(size, clock.instant().plus(TRUSTED)));
    }

    void forget(OciDigest digest) {
        seen.remove(digest);
    }

    /// Whether the file has the blob's content; its position stays.
    boolean isSound(OciDigest digest, FileChannel file) throws IOException {
        Seen before = seen.get(digest);
        if (before != null && clock.instant().isBefore(before.until)) {
            return file.size() == before.size;
        }
        MessageDigest hash = digest.algorithm().newHash();
        ByteBuffer buffer = ByteBuffer.allocate(BUFFER_BYTES);
        long position = 0;
        for (int read = file.read(buffer, 0); read >= 0; read = file.read(buffer, position)) {
            position += read;
            hash.update(buffer.flip());
            buffer.clear();
        }
        boolean sound = OciDigest.of(digest.algorithm(), hash.digest()).equals(digest);
        if (sound) {
            arrived(digest, position);
        }
        return sound;
    }
}
