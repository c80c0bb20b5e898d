// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.image.registry;

import dev.realmesh.oci.OciDigest;

/// A manifest or index as it was pushed.
public final class StoredManifest {
    private final String mediaType;
    private final OciDigest digest;
    private final byte[] content;

    public StoredManifest(String mediaType, OciDigest digest, byte[] content) {
        this.mediaType = mediaType;
        this.digest = digest;
        this.content = content.clone();
    }

    /// What it was pushed as.
    public String mediaType() {
        return mediaType;
    }

    /// Digest of the bytes.
    public OciDigest digest() {
        return digest;
    }

    /// The exact bytes.
    public byte[] content() {
        return content.clone();
    }
}
