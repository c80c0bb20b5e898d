// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.image.registry;

import dev.realmesh.oci.Descriptor;
import dev.realmesh.oci.OciDigest;
import dev.realmesh.oci.Referrer;
import dev.realmesh.oci.ReferrerDescriptor;
import java.util.Map;
import java.util.Optional;

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

    /// How a list of referrers describes it; empty if it is about no other manifest.
    public Optional<ReferrerDescriptor> asReferrer() {
        Descriptor descriptor = new Descriptor(mediaType, digest, content.length, Map.of());
        return Referrer.parse(content).map(about -> ReferrerDescriptor.of(descriptor, about));
    }
}
