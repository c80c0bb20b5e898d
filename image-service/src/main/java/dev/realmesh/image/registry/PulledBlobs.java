// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.image.registry;

import dev.realmesh.oci.OciDigest;
import dev.realmesh.oci.Reference;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Copies of other registries' blobs, apart from what was pushed here. A blob is stored once, and given out only under
/// the names of repositories that gave it themselves: who may see one repository need not see another. Those that were
/// not used for longest make room for others; one that has changed on its disk is removed, as if it had never been
/// here.
///
/// Files: `blobs/<algorithm>/<hex>`, whose time of change is that of the last use, and an empty
/// `givers/<algorithm>/<hex>/<SHA-256 of registry/repository>` for each repository that gave it. The folder is inside
/// the registry's, whose lock it shares.
public final class PulledBlobs {
    private static final Logger LOG = LoggerFactory.getLogger(PulledBlobs.class);

    private final BlobStore blobs;
    private final Path givers;
    private final RegistryLimits limits;
    private final InstantSource clock;
    private final Integrity integrity;
    private final LongAdder damaged = new LongAdder();
    private final LongAdder evicted = new LongAdder();

    /// Held while it is decided what is here.
    private final ReentrantLock changing = new ReentrantLock();

    private PulledBlobs(BlobStore blobs, Path givers, RegistryLimits limits, InstantSource clock) {
        this.blobs = blobs;
        this.givers = givers;
        this.limits = limits;
        this.clock = clock;
        this.integrity = new Integrity(clock);
    }

    /// Opens the folder, and makes it if it is not there.
    public static PulledBlobs open(Path root, RegistryLimits limits, InstantSource clock) throws IOException {
        Files.createDirectories(root);
        return new PulledBlobs(BlobStore.open(root), root.resolve("givers"), limits, clock);
    }

    /// Opens a blob that the image's repository gave; the caller closes it.
    ///
    /// @return empty if it is not here, or is another repository's, or was damaged
    public Optional<FileChannel> open(Reference image, OciDigest digest) throws IOException {
        Optional<Path> file = blobs.find(digest).filter(found -> Files.exists(giver(image, digest)));
        if (file.isEmpty()) {
            return Optional.empty();
        }
        try {
            return opened(file.get(), digest);
        } catch (NoSuchFileException removed) {
            return Optional.empty();
        }
    }

    /// Takes what the image's repository gives; it is not read if another one gave it before.
    ///
    /// @throws RegistryException.DigestInvalid if it has another digest; nothing is kept then
    /// @throws RegistryException.LimitExceeded if it is too large
    /// @throws RegistryException.StorageFull if there is no room for it; likewise
    public void take(Reference image, OciDigest digest, InputStream content) throws IOException {
        if (blobs.find(digest).isEmpty()) {
            Upload upload = new Upload(image.name(), blobs.newPending(), limits.maxBlobBytes(), clock.instant());
            try {
                upload.append(0, content, clock.instant());
                upload.commit(digest, blobs);
            } finally {
                upload.discard();
            }
            integrity.arrived(digest, upload.offset());
        }
        changing.lock();
        try {
            blobs.replace(giver(image, digest), new byte[0]);
            Optional<Path> file = blobs.find(digest);
            if (file.isPresent()) {
                touch(file.get());
            }
            makeRoomBeside(digest);
        } finally {
            changing.unlock();
        }
    }

    /// Bytes of all blobs.
    public long bytes() throws IOException {
        return blobs.all().stream().mapToLong(BlobStore.Stored::size).sum();
    }

    /// How many blobs were found to have changed on their disk.
    public long damaged() {
        return damaged.sum();
    }

    /// How many made room for others.
    public long evicted() {
        return evicted.sum();
    }

    private Optional<FileChannel> opened(Path file, OciDigest digest) throws IOException {
        FileChannel channel = FileChannel.open(file, StandardOpenOption.READ);
        boolean sound = false;
        try {
            sound = integrity.isSound(digest, channel);
        } finally {
            if (!sound) {
                channel.close();
            }
        }
        if (sound) {
            touch(file);
            return Optional.of(channel);
        }
        LOG.warn("pulled blob {}: changed on its disk; removed, to be fetched again", digest);
        damaged.increment();
        remove(digest);
        return Optional.empty();
    }

    private void makeRoomBeside(OciDigest newest) throws IOException {
        List<BlobStore.Stored> all = blobs.all();
        long bytes = all.stream().mapToLong(BlobStore.Stored::size).sum();
        List<BlobStore.Stored> oldestFirst = all.stream()
                .filter(each -> !each.digest().equals(newest))
                .sorted(Comparator.comparing(BlobStore.Stored::changed))
                .toList();
        for (BlobStore.Stored oldest : oldestFirst) {
            if (bytes <= limits.maxPulledBytes()) {
                return;
            }
            LOG.debug("pulled blob {}: makes room, {} bytes", oldest.digest(), oldest.size());
            remove(oldest.digest());
            evicted.increment();
            bytes -= oldest.size();
        }
    }

    private void remove(OciDigest digest) throws IOException {
        changing.lock();
        try {
            blobs.remove(digest);
            integrity.forget(digest);
            Path folder = givers(digest);
            for (Path giver : BlobStore.children(folder)) {
                Files.deleteIfExists(giver);
            }
            Files.deleteIfExists(folder);
        } finally {
            changing.unlock();
        }
    }

    private void touch(Path file) throws IOException {
        Files.setLastModifiedTime(file, FileTime.from(clock.instant()));
    }

    private Path giver(Reference image, OciDigest digest) {
        String name =
                OciDigest.of(image.name().getBytes(StandardCharsets.UTF_8)).hex();
        return givers(digest).resolve(name);
    }

    private Path givers(OciDigest digest) {
        return givers.resolve(digest.algorithm().prefix()).resolve(digest.hex());
    }
}
