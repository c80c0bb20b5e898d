// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.oci;

import java.io.IOException;
import java.io.InputStream;

/// Where blobs come from: an image layout, a registry, or a peer on the other side of a trust boundary. Nobody
/// believes what it gives: readers check size and digest themselves, see [VerifyingInputStream].
@FunctionalInterface
public interface BlobSource {
    /// Opens a blob from its first byte; the caller closes it.
    ///
    /// @throws IOException if it cannot be had
    InputStream open(Descriptor blob) throws IOException;

    /// Reads a small blob whole, checked.
    ///
    /// @param maxBytes the largest size that the caller can take
    /// @throws OciException if it is larger, or not what the descriptor says
    /// @throws IOException if it cannot be had
    default byte[] read(Descriptor blob, int maxBytes) throws IOException {
        if (blob.size() > maxBytes) {
            throw new OciException.LimitExceeded("size of blob " + blob.digest(), maxBytes);
        }
        try (InputStream content = VerifyingInputStream.of(blob, open(blob))) {
            return content.readAllBytes();
        }
    }
}
