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
import java.time.InstantSource;
import java.util.Optional;

/// Copies of other registries' blobs, apart from what was pushed here. A blob is stored once, and given out only under
/// the names of repositories that gave it themselves: who may see one repository need not see another.
///
/// Files: `blobs/<algorithm>/<hex>`, and an empty `givers/<algorithm>/<hex>/<SHA-256 of registry/repository>` for each
/// repository that gave it. The folder is inside the registry's, whose lock it shares.
public final class PulledBlobs {
    private final BlobStore blobs;
    private final Path givers;
    private final long maxBlobBytes;
    private final InstantSource clock;

    private PulledBlobs(BlobStore blobs, Path givers, long maxBlobBytes, InstantSource clock) {
        this.blobs = blobs;
        this.givers = givers;
        this.maxBlobBytes = maxBlobBytes;
        this.clock = clock;
    }

    /// Opens the folder, and makes it if it is not there.
    public static PulledBlobs open(Path root, RegistryLimits limits, InstantSource clock) throws IOException {
        Files.createDirectories(root);
        return new PulledBlobs(BlobStore.open(root), root.resolve("givers"), limits.maxBlobBytes(), clock);
    }

    /// Opens a blob that the image's repository gave; the caller closes it.
    ///
    /// @return empty if it is not here, or is another repository's
    public Optional<FileChannel> open(Reference image, OciDigest digest) throws IOException {
        Optional<Path> file = blobs.find(digest).filter(found -> Files.exists(giver(image, digest)));
        if (file.isEmpty()) {
            return Optional.empty();
        }
        try {
            return Optional.of(FileChannel.open(file.get(), StandardOpenOption.READ));
        } catch (NoSuchFileException removed) {
            return Optional.empty();
        }
    }

    /// Takes what the image's repository gives; it is not read if another one gave it before.
    ///
    /// @throws RegistryException.DigestInvalid if it has another digest; nothing is kept then
    /// @throws RegistryException.LimitExceeded if it is too large
    public void take(Reference image, OciDigest digest, InputStream content) throws IOException {
        if (blobs.find(digest).isEmpty()) {
            Upload upload = new Upload(image.name(), blobs.newPending(), maxBlobBytes, clock.instant());
            try {
                upload.append(0, content, clock.instant());
                upload.commit(digest, blobs);
            } finally {
                upload.discard();
            }
        }
        Path giver = giver(image, digest);
        Files.createDirectories(giver.getParent());
        blobs.replace(giver, new byte[0]);
    }

    private Path giver(Reference image, OciDigest digest) {
        String name =
                OciDigest.of(image.name().getBytes(StandardCharsets.UTF_8)).hex();
        return givers.resolve(digest.algorithm().prefix()).resolve(digest.hex()).resolve(name);
    }
}
