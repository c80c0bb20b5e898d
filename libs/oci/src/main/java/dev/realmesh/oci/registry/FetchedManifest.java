// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.oci.registry;

import dev.realmesh.oci.OciDigest;

/// A manifest or index as a registry gave it.
public final class FetchedManifest {
    private final String mediaType;
    private final OciDigest digest;
    private final byte[] content;

    FetchedManifest(String mediaType, OciDigest digest, byte[] content) {
        this.mediaType = mediaType;
        this.digest = digest;
        this.content = content;
    }

    /// What the registry says that it is.
    public String mediaType() {
        return mediaType;
    }

    /// Digest of the bytes, computed here.
    public OciDigest digest() {
        return digest;
    }

    /// The exact bytes.
    public byte[] content() {
        return content.clone();
    }
}
