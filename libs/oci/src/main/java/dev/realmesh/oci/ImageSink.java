// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.oci;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/// Where one image is written to, under one name: an image layout or a repository of a registry. The manifest comes
/// last, so that a name never stands for an image that is not there whole. Several blobs may be put at a time.
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

    /// Takes a blob whose digest is known only once it is written. Here by way of a temporary file, for places that ask
    /// for the digest first.
    ///
    /// @param content writes the blob
    /// @return what the blob is
    /// @throws IOException if it cannot be written; nothing of it is kept then, nor if `content` throws
    default Descriptor putBlob(BlobWriter content) throws IOException {
        Path pending = Files.createTempFile("pending-blob-", null);
        try {
            Descriptor blob;
            try (OutputStream out = Files.newOutputStream(pending)) {
                blob = content.writeTo(out);
            }
            putBlob(blob, same -> Files.newInputStream(pending));
            return blob;
        } finally {
            Files.deleteIfExists(pending);
        }
    }

    /// Takes the manifest, and makes the name stand for it.
    ///
    /// @throws OciException if the bytes are not what the descriptor says
    /// @throws IOException if it cannot be written
    void putManifest(Descriptor manifest, byte[] content) throws IOException;

    /// Makes a blob while it is written.
    @FunctionalInterface
    interface BlobWriter {
        /// Writes the blob, hashing it on the way.
        ///
        /// @param out takes the blob; not closed
        /// @return the descriptor of what was written
        Descriptor writeTo(OutputStream out) throws IOException;
    }
}
