// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.oci;

import java.io.IOException;
import java.io.InputStream;

/// Where one image is written to, under one name: an image layout or a repository of a registry. The manifest comes
/// last, so that a name never stands for an image that is not there whole.
public interface ImageSink {
    /// Takes a blob, unless it is there already.
    ///
    /// @param content read to its end; refused, and not kept, if it is not what the descriptor says
    /// @throws OciException if the content is not what the descriptor says
    /// @throws IOException if it cannot be written
    void putBlob(Descriptor blob, InputStream content) throws IOException;

    /// Takes a blob, unless it is there already, from where it may be read again, should a connection break.
    ///
    /// @throws OciException if the content is not what the descriptor says
    /// @throws IOException if it cannot be read or written
    default void putBlob(Descriptor blob, BlobSource source) throws IOException {
        try (InputStream content = source.open(blob)) {
            putBlob(blob, content);
        }
    }

    /// Takes the manifest, and makes the name stand for it.
    ///
    /// @throws OciException if the bytes are not what the descriptor says
    /// @throws IOException if it cannot be written
    void putManifest(Descriptor manifest, byte[] content) throws IOException;
}
