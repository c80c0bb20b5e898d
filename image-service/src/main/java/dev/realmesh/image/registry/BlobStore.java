// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.image.registry;

import dev.realmesh.oci.OciDigest;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Content by digest: `blobs/<algorithm>/<hex>` below a folder. A file gets there by one rename, after its digest was
/// checked and its bytes are on disk, so a reader sees all of a blob or none of it, whenever the process ends.
public final class BlobStore {
    private final Path blobs;
    private final Path pending;

    private BlobStore(Path blobs, Path pending) {
        this.blobs = blobs;
        this.pending = pending;
    }

    static BlobStore open(Path root) throws IOException {
        Path blobs = root.resolve("blobs");
        for (OciDigest.Algorithm algorithm : OciDigest.Algorithm.values()) {
            Files.createDirectories(blobs.resolve(algorithm.prefix()));
        }
        Path pending = Files.createDirectories(root.resolve("pending"));
        for (Path left : children(pending)) {
            Files.deleteIfExists(left);
        }
        return new BlobStore(blobs, pending);
    }

    /// The blob's file, which never changes; empty if it is not here.
    public Optional<Path> find(OciDigest digest) {
        Path file = path(digest);
        return Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS) ? Optional.of(file) : Optional.empty();
    }

    /// All of them.
    List<Stored> all() throws IOException {
        List<Stored> all = new ArrayList<>();
        for (OciDigest.Algorithm algorithm : OciDigest.Algorithm.values()) {
            for (Path file : children(blobs.resolve(algorithm.prefix()))) {
                try {
                    BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
                    OciDigest digest =
                            new OciDigest(algorithm, file.getFileName().toString());
                    all.add(new Stored(digest, attributes.size(), attributes.lastModifiedTime()));
                } catch (NoSuchFileException removed) {
                    // By somebody else, just now.
                }
            }
        }
        return all;
    }

    /// A blob.
    ///
    /// @param size in bytes
    /// @param changed when its file was, or was said to be
    record Stored(OciDigest digest, long size, FileTime changed) {}

    void remove(OciDigest digest) throws IOException {
        Files.deleteIfExists(path(digest));
    }

    /// A file to write a blob to; gone after the next start unless published.
    Path newPending() throws IOException {
        return StoreDisk.write(pending, () -> Files.createTempFile(pending, "blob-", null));
    }

    /// Makes a written file the blob of that digest, which the caller has checked.
    void publish(Path written, OciDigest digest) throws IOException {
        StoreDisk.write(pending, () -> {
            force(written);
            return Files.move(written, path(digest), StandardCopyOption.ATOMIC_MOVE);
        });
    }

    /// Replaces a small file, such as a tag, in one step; its folder is made.
    void replace(Path file, byte[] content) throws IOException {
        StoreDisk.write(pending, () -> {
            Files.createDirectories(file.getParent());
            Path written = newPending();
            try {
                write(written, content);
                return Files.move(written, file, StandardCopyOption.ATOMIC_MOVE);
            } finally {
                Files.deleteIfExists(written);
            }
        });
    }

    private static void write(Path file, byte[] content) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            ByteBuffer buffer = ByteBuffer.wrap(content);
            while (buffer.hasRemaining()) {
                channel.write(buffer);
            }
            channel.force(true);
        }
    }

    private Path path(OciDigest digest) {
        return blobs.resolve(digest.algorithm().prefix()).resolve(digest.hex());
    }

    private static void force(Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.force(true);
        }
    }

    /// Files in a folder; none if there is no such folder.
    static List<Path> children(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (var stream = Files.list(folder)) {
            return stream.toList();
        }
    }
}
