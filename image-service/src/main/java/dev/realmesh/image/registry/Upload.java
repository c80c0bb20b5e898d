// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.image.registry;

import dev.realmesh.oci.OciDigest;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;

/// A blob on its way in, chunk by chunk, hashed as it comes. One request at a time works on it.
final class Upload {
    private static final int BUFFER_BYTES = 64 << 10;

    private final String repository;
    private final Path file;
    private final long maxBytes;
    private final MessageDigest hash = OciDigest.Algorithm.SHA256.newHash();
    private final ReentrantLock working = new ReentrantLock();
    private final AtomicLong offset = new AtomicLong();
    private volatile Instant lastUsed;

    Upload(String repository, Path file, long maxBytes, Instant now) {
        this.repository = repository;
        this.file = file;
        this.maxBytes = maxBytes;
        this.lastUsed = now;
    }

    String repository() {
        return repository;
    }

    long offset() {
        return offset.get();
    }

    boolean isIdleSince(Instant limit) {
        return !working.isLocked() && lastUsed.isBefore(limit);
    }

    /// Appends a chunk. If it breaks off, what came of it stays, and the offset says so.
    ///
    /// @param start where the sender thinks that the chunk begins
    /// @throws RegistryException.StorageFull if there is no room
    /// @throws RegistryException.ChunkOutOfOrder if it is not there, or another chunk is on its way
    void append(long start, InputStream chunk, Instant now) throws IOException {
        if (!working.tryLock()) {
            throw new RegistryException.ChunkOutOfOrder("the same time as another one", offset.get());
        }
        try {
            if (start != offset.get()) {
                throw new RegistryException.ChunkOutOfOrder(Long.toString(start), offset.get());
            }
            lastUsed = now;
            copy(chunk);
        } finally {
            working.unlock();
        }
    }

    /// Makes it a blob of the store.
    ///
    /// @throws RegistryException.DigestInvalid if it is not the one that the digest names
    void commit(OciDigest expected, BlobStore store) throws IOException {
        working.lock();
        try {
            OciDigest actual = expected.algorithm() == OciDigest.Algorithm.SHA256
                    ? OciDigest.of(OciDigest.Algorithm.SHA256, hash.digest())
                    : hashAgain(expected.algorithm());
            if (!actual.equals(expected)) {
                throw new RegistryException.DigestInvalid("content: " + actual + " (expected: " + expected + ")");
            }
            store.publish(file, expected);
        } finally {
            working.unlock();
        }
    }

    void discard() throws IOException {
        Files.deleteIfExists(file);
    }

    private void copy(InputStream chunk) throws IOException {
        byte[] buffer = new byte[BUFFER_BYTES];
        try (OutputStream out = open()) {
            for (int read = chunk.read(buffer); read >= 0; read = chunk.read(buffer)) {
                if (offset.get() + read > maxBytes) {
                    throw new RegistryException.LimitExceeded("bytes of a blob", maxBytes);
                }
                write(out, buffer, read);
                hash.update(buffer, 0, read);
                offset.addAndGet(read);
            }
        }
    }

    /// Behind what was hashed: a write that failed may have left a part of its bytes.
    private OutputStream open() throws IOException {
        FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE);
        channel.truncate(offset.get()).position(offset.get());
        return Channels.newOutputStream(channel);
    }

    private void write(OutputStream out, byte[] buffer, int length) throws IOException {
        StoreDisk.write(file, () -> {
            out.write(buffer, 0, length);
            return length;
        });
    }

    private OciDigest hashAgain(OciDigest.Algorithm algorithm) throws IOException {
        MessageDigest other = algorithm.newHash();
        byte[] buffer = new byte[BUFFER_BYTES];
        try (InputStream in = Files.newInputStream(file)) {
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                other.update(buffer, 0, read);
            }
        }
        return OciDigest.of(algorithm, other.digest());
    }
}
