// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.realm.image;

import dev.realmesh.oci.BlobSource;
import dev.realmesh.oci.OciDigest;
import dev.realmesh.oci.Reference;
import dev.realmesh.oci.signature.SignatureImage;
import java.util.List;

/// Where images come from: the host, or a registry that is asked through it. Nothing of it is trusted. Every call ends
/// by a deadline.
public interface ImageSource {
    /// Most referrers of one type that are looked at.
    int MAX_REFERRERS = SignatureImage.MAX_REFERRERS;

    /// What a reference names now.
    ///
    /// @throws ImageException if there is no such image, or nobody answers
    ServedManifest manifest(Reference reference);

    /// Manifests that are said to be about another one, in the image's repository.
    ///
    /// @param artifactType only those of this type
    /// @return their digests, at most [#MAX_REFERRERS]
    /// @throws ImageException if nobody answers
    /// @throws dev.realmesh.oci.OciException if there are more, or one is no digest
    List<OciDigest> referrers(Reference image, OciDigest subject, String artifactType);

    /// The blobs of an image; their streams fail with [java.io.IOException] or [ImageException] if nobody answers.
    BlobSource blobs(Reference reference);
}
