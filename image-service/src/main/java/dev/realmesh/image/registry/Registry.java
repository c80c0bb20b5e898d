// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.image.registry;

import dev.realmesh.oci.Descriptor;
import dev.realmesh.oci.Index;
import dev.realmesh.oci.Manifest;
import dev.realmesh.oci.MediaTypes;
import dev.realmesh.oci.OciDigest;
import dev.realmesh.oci.OciException;
import dev.realmesh.oci.Reference;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.InstantSource;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;

/// The registry's folder, and all that may be done with it. Blobs are shared by all repositories: whoever may read one
/// may read all, and confidentiality is the encryption's business, not this one's. One process at a time owns a folder.
///
/// Files: `blobs/<algorithm>/<hex>`; `repositories/<name>/_manifests/<algorithm>/<hex>` holds a manifest's media type,
/// `repositories/<name>/_tags/<tag>` its digest; `pending/` is emptied at each start.
public final class Registry implements AutoCloseable {
    private final Path repositories;
    private final BlobStore blobs;
    private final Uploads uploads;
    private final FileChannel lock;

    private Registry(Path repositories, BlobStore blobs, Uploads uploads, FileChannel lock) {
        this.repositories = repositories;
        this.blobs = blobs;
        this.uploads = uploads;
        this.lock = lock;
    }

    /// Opens the folder, and makes it if it is not there.
    ///
    /// @throws IOException if it cannot be used, or another process uses it
    public static Registry open(Path root, RegistryLimits limits, InstantSource clock) throws IOException {
        Files.createDirectories(root);
        FileChannel lock = lock(root);
        BlobStore blobs = BlobStore.open(root);
        Path repositories = Files.createDirectories(root.resolve("repositories"));
        return new Registry(repositories, blobs, new Uploads(blobs, limits, clock), lock);
    }

    /// The blobs of all repositories.
    public BlobStore blobs() {
        return blobs;
    }

    /// Blobs on their way in.
    public Uploads uploads() {
        return uploads;
    }

    /// Takes a manifest or index. Under a tag, that stands for it from then on.
    ///
    /// @param version the tag, or the digest that the bytes must have
    /// @return its digest
    /// @throws RegistryException if it is not one, or names what is not here
    public OciDigest putManifest(String repository, Reference.Version version, String mediaType, byte[] content)
            throws IOException {
        Names.checkRepository(repository);
        for (Descriptor named : named(mediaType, content)) {
            if (blobs.find(named.digest()).isEmpty()) {
                throw new RegistryException.ManifestBlobUnknown(named.digest());
            }
        }
        OciDigest digest = version instanceof Reference.ByDigest byDigest ? byDigest.digest() : OciDigest.of(content);
        uploads.take(repository, digest, new ByteArrayInputStream(content));
        replace(manifestFile(repository, digest), mediaType);
        if (version instanceof Reference.Tag tag) {
            replace(tagFile(repository, tag), digest.toString());
        }
        return digest;
    }

    /// The manifest that a tag stands for now, or that has the digest.
    ///
    /// @throws RegistryException.ManifestUnknown if it is not in that repository
    public StoredManifest manifest(String repository, Reference.Version version) throws IOException {
        Names.checkRepository(repository);
        OciDigest digest = switch (version) {
            case Reference.Tag tag -> tagged(repository, tag);
            case Reference.ByDigest byDigest -> byDigest.digest();
        };
        Path mediaType = manifestFile(repository, digest);
        Path content = blobs.find(digest)
                .filter(found -> Files.exists(mediaType))
                .orElseThrow(() -> new RegistryException.ManifestUnknown(repository, version.suffix()));
        return new StoredManifest(Files.readString(mediaType), digest, Files.readAllBytes(content));
    }

    /// Tags of a repository, in order.
    ///
    /// @param after only those behind this one; empty for all
    /// @param limit at most so many
    /// @throws RegistryException.NameUnknown if there is no such repository
    public List<String> tags(String repository, String after, int limit) throws IOException {
        Names.checkRepository(repository);
        Path folder = repositories.resolve(repository).resolve("_tags");
        if (!Files.isDirectory(repositories.resolve(repository).resolve("_manifests"))) {
            throw new RegistryException.NameUnknown(repository);
        }
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString())
                    .filter(tag -> tag.compareTo(after) > 0)
                    .sorted()
                    .limit(limit)
                    .toList();
        }
    }

    @Override
    public void close() throws IOException {
        lock.close();
    }

    private void replace(Path file, String content) throws IOException {
        Files.createDirectories(file.getParent());
        blobs.replace(file, content.getBytes(StandardCharsets.UTF_8));
    }

    private OciDigest tagged(String repository, Reference.Tag tag) throws IOException {
        Path file = tagFile(repository, tag);
        if (!Files.exists(file)) {
            throw new RegistryException.ManifestUnknown(repository, tag.suffix());
        }
        return OciDigest.parse(Files.readString(file));
    }

    private Path tagFile(String repository, Reference.Tag tag) {
        return repositories.resolve(repository).resolve("_tags").resolve(tag.name());
    }

    private Path manifestFile(String repository, OciDigest digest) {
        return repositories
                .resolve(repository)
                .resolve("_manifests")
                .resolve(digest.algorithm().prefix())
                .resolve(digest.hex());
    }

    /// What a manifest or index names, none of it being optional.
    private static List<Descriptor> named(String mediaType, byte[] content) {
        if (MediaTypes.isIndex(mediaType)) {
            return parsed(content, Index::parse).entries().stream()
                    .map(Index.Entry::manifest)
                    .toList();
        }
        if (!MediaTypes.isManifest(mediaType)) {
            throw new RegistryException.ManifestInvalid(
                    "media type " + mediaType + " (expected: an OCI or Docker manifest or index)");
        }
        Manifest manifest = parsed(content, Manifest::parse);
        if (!manifest.mediaType().equals(mediaType)) {
            throw new RegistryException.ManifestInvalid(
                    "pushed as " + mediaType + " (expected: " + manifest.mediaType() + ", as it says itself)");
        }
        return Stream.concat(
                        Stream.of(manifest.config()), manifest.layers().stream().filter(Registry::isDistributed))
                .toList();
    }

    /// Layers of base systems that may not be pushed are fetched from elsewhere.
    private static boolean isDistributed(Descriptor layer) {
        return !layer.mediaType().contains(".nondistributable.")
                && !layer.mediaType().contains(".foreign.");
    }

    private static <T> T parsed(byte[] content, Function<byte[], T> parser) {
        try {
            return parser.apply(content);
        } catch (OciException e) {
            throw new RegistryException.ManifestInvalid("not readable, " + e.getMessage(), e);
        }
    }

    private static FileChannel lock(Path root) throws IOException {
        FileChannel channel =
                FileChannel.open(root.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        try {
            FileLock lock = channel.tryLock();
            if (lock != null) {
                return channel;
            }
        } catch (OverlappingFileLockException e) {
            channel.close();
            throw new IOException("registry " + root + ": open already in this process", e);
        }
        channel.close();
        throw new IOException("registry " + root + ": in use by another process");
    }
}
