// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.realm.image;

import dev.realmesh.oci.OciDigest;

/// A manifest or index as the host serves it; nothing in it is believed before its digest is checked.
public final class ServedManifest {
    private final String mediaType;
    private final OciDigest digest;
    private final byte[] bytes;

    /// What was served.
    ///
    /// @param mediaType what it says it is
    /// @param digest what its server says the digest is
    /// @param bytes the document; the caller does not change it any more
    public ServedManifest(String mediaType, OciDigest digest, byte[] bytes) {
        this.mediaType = mediaType;
        this.digest = digest;
        this.bytes = bytes;
    }

    String mediaType() {
        return mediaType;
    }

    OciDigest digest() {
        return digest;
    }

    /// The document, if it has the digest.
    ///
    /// @throws dev.realmesh.oci.OciException.DigestMismatch if it has another one
    byte[] checked(OciDigest expected) {
        expected.check("manifest", bytes);
        return bytes;
    }
}
