// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.realm.image;

import dev.realmesh.oci.BlobSource;
import dev.realmesh.oci.Reference;

/// Where images come from: through the host, so nothing of it is trusted. Every call ends by a deadline.
public interface ImageSource {
    /// What a reference names now.
    ///
    /// @throws ImageException if there is no such image, or nobody answers
    ServedManifest manifest(Reference reference);

    /// The blobs of an image; their streams fail with [java.io.IOException] if nobody answers.
    BlobSource blobs(Reference reference);
}
