// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.image.registry;

import dev.realmesh.oci.Descriptor;
import dev.realmesh.oci.OciDigest;
import dev.realmesh.oci.Reference;
import dev.realmesh.oci.Referrer;
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
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.stream.Stream;

/// The registry's folder, and all that may be done with it. A blob is stored once, and each repository that it was
/// pushed or mounted to knows of it; it goes when the last one does. Confidentiality is the encryption's business, not
/// this one's: who knows a digest may mount it. One process at a time owns a folder.
///
/// Files: `blobs/<algorithm>/<hex>`; those of [RepositoryFiles] below `repositories/<name>`; `pending/` is emptied at
/// each start.
public final class Registry implements AutoCloseable {
    private final Path repositories;
    private final BlobStore blobs;
    private final Uploads uploads;
    private final FileChannel lock;

    /// Held while something comes to be named, so that nothing is removed that somebody begins to name.
    private final Lock naming;

    private final Lock removing;

    private Registry(Path repositories, BlobStore blobs, Uploads uploads, FileChannel lock) {
        ReentrantReadWriteLock changes = new ReentrantReadWriteLock();
        this.repositories = repositories;
        this.blobs = blobs;
        this.uploads = uploads;
        this.lock = lock;
        this.naming = changes.readLock();
        this.removing = changes.writeLock();
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

    /// All blobs that were pushed, whichever repository names them.
    public BlobStore blobs() {
        return blobs;
    }

    /// Blobs on their way in.
    public Uploads uploads() {
        return uploads;
    }

    /// Ends an upload: it is a blob of that repository now, or, if it has another digest, nothing.
    public void commit(String repository, String upload, OciDigest digest) throws IOException {
        RepositoryFiles files = files(repository);
        naming.lock();
        try {
            uploads.commit(repository, upload, digest);
            replace(files.blob(digest), "");
        } finally {
            naming.unlock();
        }
    }

    /// Makes a blob that is here one of that repository.
    ///
    /// @return whether it is here
    public boolean mount(String repository, OciDigest digest) throws IOException {
        RepositoryFiles files = files(repository);
        naming.lock();
        try {
            boolean here = blobs.find(digest).isPresent();
            if (here) {
                replace(files.blob(digest), "");
            }
            return here;
        } finally {
            naming.unlock();
        }
    }

    /// A blob of a repository, its manifests included.
    ///
    /// @throws RegistryException.BlobUnknown if it has no such blob
    public Path blob(String repository, OciDigest digest) {
        return Optional.of(files(repository))
                .filter(files -> files.names(digest))
                .flatMap(files -> blobs.find(digest))
                .orElseThrow(() -> new RegistryException.BlobUnknown(digest));
    }

    /// Takes a blob from a repository.
    ///
    /// @throws RegistryException.BlobUnknown if it has no such blob
    public void deleteBlob(String repository, OciDigest digest) throws IOException {
        RepositoryFiles files = files(repository);
        removing.lock();
        try {
            if (!Files.deleteIfExists(files.blob(digest))) {
                throw new RegistryException.BlobUnknown(digest);
            }
            removeUnlessNamed(digest);
        } finally {
            removing.unlock();
        }
    }

    /// Takes a manifest or index. Under a tag, that stands for it from then on.
    ///
    /// @param version the tag, or the digest that the bytes must have
    /// @return what is stored
    /// @throws RegistryException if it is not one, or names what is not in that repository
    public Stored putManifest(String repository, Reference.Version version, String mediaType, byte[] content)
            throws IOException {
        RepositoryFiles files = files(repository);
        List<Descriptor> named = PushedManifest.named(mediaType, content);
        Optional<Referrer> referrer = PushedManifest.parsed(content, Referrer::parse);
        OciDigest digest = version instanceof Reference.ByDigest byDigest ? byDigest.digest() : OciDigest.of(content);
        naming.lock();
        try {
            for (Descriptor each : named) {
                if (!files.names(each.digest())) {
                    throw new RegistryException.ManifestBlobUnknown(each.digest());
                }
            }
            uploads.take(repository, digest, new ByteArrayInputStream(content));
            replace(files.manifest(digest), mediaType);
            if (referrer.isPresent()) {
                replace(files.referrer(referrer.get().subject(), digest), "");
            }
            if (version instanceof Reference.Tag tag) {
                replace(files.tag(tag), digest.toString());
            }
        } finally {
            naming.unlock();
        }
        return new Stored(digest, referrer.map(Referrer::subject));
    }

    /// A manifest that was taken.
    ///
    /// @param subject what it is about, if it says so
    public record Stored(OciDigest digest, Optional<OciDigest> subject) {}

    /// The manifest that a tag stands for now, or that has the digest.
    ///
    /// @throws RegistryException.ManifestUnknown if it is not in that repository
    public StoredManifest manifest(String repository, Reference.Version version) throws IOException {
        RepositoryFiles files = files(repository);
        OciDigest digest = switch (version) {
            case Reference.Tag tag -> tagged(files, repository, tag);
            case Reference.ByDigest byDigest -> byDigest.digest();
        };
        Path mediaType = files.manifest(digest);
        Path content = blobs.find(digest)
                .filter(found -> Files.exists(mediaType))
                .orElseThrow(() -> new RegistryException.ManifestUnknown(repository, version.suffix()));
        return new StoredManifest(Files.readString(mediaType), digest, Files.readAllBytes(content));
    }

    /// Takes away a tag, or a manifest with all of its tags.
    ///
    /// @throws RegistryException.ManifestUnknown if it is not in that repository
    public void deleteManifest(String repository, Reference.Version version) throws IOException {
        RepositoryFiles files = files(repository);
        removing.lock();
        try {
            boolean deleted = switch (version) {
                case Reference.Tag tag -> Files.deleteIfExists(files.tag(tag));
                case Reference.ByDigest byDigest -> deleteManifest(files, byDigest.digest());
            };
            if (!deleted) {
                throw new RegistryException.ManifestUnknown(repository, version.suffix());
            }
        } finally {
            removing.unlock();
        }
    }

    /// Manifests and indexes whose subject is that digest, ordered by their own.
    ///
    /// @param limit at most so many
    /// @param after only those behind this digest; empty for all
    public List<StoredManifest> referrers(String repository, OciDigest subject, String after, int limit)
            throws IOException {
        RepositoryFiles files = files(repository);
        List<StoredManifest> found = new ArrayList<>();
        for (OciDigest digest : digests(files.referrers(subject))) {
            if (found.size() < limit && digest.toString().compareTo(after) > 0) {
                found.add(manifest(repository, new Reference.ByDigest(digest)));
            }
        }
        return List.copyOf(found);
    }

    /// Tags of a repository, in order.
    ///
    /// @param after only those behind this one; empty for all
    /// @param limit at most so many
    /// @throws RegistryException.NameUnknown if there is no such repository
    public List<String> tags(String repository, String after, int limit) throws IOException {
        RepositoryFiles files = files(repository);
        if (!files.hasManifests()) {
            throw new RegistryException.NameUnknown(repository);
        }
        return names(files.tags()).stream()
                .filter(tag -> tag.compareTo(after) > 0)
                .limit(limit)
                .toList();
    }

    @Override
    public void close() throws IOException {
        lock.close();
    }

    private RepositoryFiles files(String repository) {
        return RepositoryFiles.of(repositories, repository);
    }

    private boolean deleteManifest(RepositoryFiles files, OciDigest digest) throws IOException {
        Optional<Path> content = blobs.find(digest);
        if (content.isEmpty() || !Files.deleteIfExists(files.manifest(digest))) {
            return false;
        }
        Optional<Referrer> referrer = Referrer.parse(Files.readAllBytes(content.get()));
        if (referrer.isPresent()) {
            Files.deleteIfExists(files.referrer(referrer.get().subject(), digest));
        }
        for (String tag : names(files.tags())) {
            Path file = files.tags().resolve(tag);
            if (Files.readString(file).equals(digest.toString())) {
                Files.delete(file);
            }
        }
        removeUnlessNamed(digest);
        return true;
    }

    private void removeUnlessNamed(OciDigest digest) throws IOException {
        if (RepositoryFiles.all(repositories).stream().noneMatch(files -> files.names(digest))) {
            blobs.remove(digest);
        }
    }

    private void replace(Path file, String content) throws IOException {
        blobs.replace(file, content.getBytes(StandardCharsets.UTF_8));
    }

    private static OciDigest tagged(RepositoryFiles files, String repository, Reference.Tag tag) throws IOException {
        Path file = files.tag(tag);
        if (!Files.exists(file)) {
            throw new RegistryException.ManifestUnknown(repository, tag.suffix());
        }
        return OciDigest.parse(Files.readString(file));
    }

    /// Digests that files below a folder are named after, ordered.
    private static List<OciDigest> digests(Path folder) throws IOException {
        List<OciDigest> found = new ArrayList<>();
        for (String algorithm : names(folder)) {
            for (String hex : names(folder.resolve(algorithm))) {
                found.add(OciDigest.parse(algorithm + ":" + hex));
            }
        }
        return found;
    }

    /// Names of the files in a folder, ordered; none if there is no such folder.
    private static List<String> names(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
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
