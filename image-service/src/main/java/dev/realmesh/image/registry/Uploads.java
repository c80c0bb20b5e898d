// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.image.registry;

import dev.realmesh.oci.OciDigest;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/// Uploads that are under way. One that nobody has used for an hour makes room for others; none outlives the process.
public final class Uploads {
    private static final Duration MAX_IDLE = Duration.ofHours(1);

    private final BlobStore store;
    private final RegistryLimits limits;
    private final InstantSource clock;
    private final Map<String, Upload> uploads = new ConcurrentHashMap<>();

    Uploads(BlobStore store, RegistryLimits limits, InstantSource clock) {
        this.store = store;
        this.limits = limits;
        this.clock = clock;
    }

    /// Begins an upload to a repository.
    ///
    /// @return the name that the other calls know it by
    /// @throws RegistryException.LimitExceeded if there are too many
    public String begin(String repository) throws IOException {
        Names.checkRepository(repository);
        discardIdle();
        if (uploads.size() >= limits.maxUploads()) {
            throw new RegistryException.LimitExceeded("uploads at once", limits.maxUploads());
        }
        String id = UUID.randomUUID().toString();
        uploads.put(id, new Upload(repository, store.newPending(), limits.maxBlobBytes(), clock.instant()));
        return id;
    }

    /// How many bytes have come.
    public long offset(String repository, String id) {
        return find(repository, id).offset();
    }

    /// Appends a chunk; see [RegistryException.ChunkOutOfOrder]. An upload for which there is no room is given up,
    /// which
    /// makes some.
    ///
    /// @return how many bytes have come
    public long append(String repository, String id, long start, InputStream chunk) throws IOException {
        Upload upload = find(repository, id);
        try {
            upload.append(start, chunk, clock.instant());
        } catch (RegistryException.LimitExceeded | RegistryException.StorageFull e) {
            cancel(repository, id);
            throw e;
        }
        return upload.offset();
    }

    /// Ends an upload: it is a blob now, or, if it has another digest, nothing.
    public void commit(String repository, String id, OciDigest digest) throws IOException {
        Upload upload = find(repository, id);
        if (!uploads.remove(id, upload)) {
            throw new RegistryException.UploadUnknown();
        }
        try {
            upload.commit(digest, store);
        } finally {
            upload.discard();
        }
    }

    /// Gives an upload up.
    public void cancel(String repository, String id) throws IOException {
        Upload upload = find(repository, id);
        uploads.remove(id);
        upload.discard();
    }

    /// Takes a blob in one go.
    ///
    /// @throws RegistryException.DigestInvalid if it has another digest; nothing is kept then
    public void take(String repository, OciDigest digest, InputStream content) throws IOException {
        String id = begin(repository);
        Upload upload = find(repository, id);
        uploads.remove(id);
        try {
            upload.append(0, content, clock.instant());
            upload.commit(digest, store);
        } finally {
            upload.discard();
        }
    }

    private Upload find(String repository, String id) {
        Upload upload = uploads.get(id);
        if (upload == null || !upload.repository().equals(repository)) {
            throw new RegistryException.UploadUnknown();
        }
        return upload;
    }

    private void discardIdle() throws IOException {
        Instant limit = clock.instant().minus(MAX_IDLE);
        for (Map.Entry<String, Upload> entry : List.copyOf(uploads.entrySet())) {
            if (entry.getValue().isIdleSince(limit) && uploads.remove(entry.getKey(), entry.getValue())) {
                entry.getValue().discard();
            }
        }
    }
}
