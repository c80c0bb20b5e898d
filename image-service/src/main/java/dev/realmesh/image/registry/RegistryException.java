// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.image.registry;

import dev.realmesh.oci.OciDigest;

/// The registry refused a request; nothing has changed. Cases follow the error codes of the OCI distribution
/// specification.
public abstract sealed class RegistryException extends RuntimeException {
    private RegistryException(String message) {
        super(message);
    }

    private RegistryException(String message, Throwable cause) {
        super(message, cause);
    }

    /// Not the name of a repository.
    public static final class NameInvalid extends RegistryException {
        public NameInvalid(String name) {
            super("repository: " + name + " (expected: lower-case components separated by /)");
        }
    }

    /// No such manifest or tag in the repository.
    public static final class ManifestUnknown extends RegistryException {
        public ManifestUnknown(String repository, String version) {
            super("manifest: " + repository + version + " is not here");
        }
    }

    /// No such repository.
    public static final class NameUnknown extends RegistryException {
        public NameUnknown(String repository) {
            super("repository: " + repository + " is not here");
        }
    }

    /// No such blob.
    public static final class BlobUnknown extends RegistryException {
        public BlobUnknown(OciDigest digest) {
            super("blob: " + digest + " is not here");
        }
    }

    /// The manifest names a blob or manifest that was not pushed.
    public static final class ManifestBlobUnknown extends RegistryException {
        public ManifestBlobUnknown(OciDigest digest) {
            super("manifest: names " + digest + " (expected: pushed before)");
        }
    }

    /// The bytes are no manifest, or not of that media type or digest.
    public static final class ManifestInvalid extends RegistryException {
        public ManifestInvalid(String why) {
            super("manifest: " + why);
        }

        public ManifestInvalid(String why, Throwable cause) {
            super("manifest: " + why, cause);
        }
    }

    /// No such upload: never begun, ended, or expired.
    public static final class UploadUnknown extends RegistryException {
        public UploadUnknown() {
            super("upload: not here (expected: one begun and not ended)");
        }
    }

    /// A chunk does not begin where the last one ended, or another one is on its way.
    public static final class ChunkOutOfOrder extends RegistryException {
        private final long offset;

        public ChunkOutOfOrder(String actual, long offset) {
            super("chunk: begins at " + actual + " (expected: " + offset + ")");
            this.offset = offset;
        }

        /// Where the next chunk shall begin.
        public long offset() {
            return offset;
        }
    }

    /// The uploaded bytes have another digest, or the text is none.
    public static final class DigestInvalid extends RegistryException {
        public DigestInvalid(String message) {
            super(message);
        }
    }

    /// The disk of the store is full.
    public static final class StorageFull extends RegistryException {
        public StorageFull(Throwable cause) {
            super(
                    "storage: no room left (expected: some on the disk of image-service.store; enlarge it, delete images, or"
                            + " lower max-pulled-bytes)",
                    cause);
        }
    }

    /// A blob, or the number of uploads at once, is over its limit.
    public static final class LimitExceeded extends RegistryException {
        public LimitExceeded(String what, long limit) {
            super(what + ": more than " + limit + " (expected: at most " + limit + ")");
        }
    }
}
