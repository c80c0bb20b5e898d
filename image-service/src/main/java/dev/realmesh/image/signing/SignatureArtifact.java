// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.image.signing;

import dev.realmesh.oci.Descriptor;
import dev.realmesh.oci.ImageSink;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.List;

/// An image that keeps signatures of another one.
///
/// @param blobs what is new in it
/// @param manifest names them
public record SignatureArtifact(List<Content> blobs, Content manifest) {
    public SignatureArtifact {
        blobs = List.copyOf(blobs);
    }

    /// Bytes and what they are.
    public static final class Content {
        private final Descriptor descriptor;
        private final byte[] bytes;

        Content(Descriptor descriptor, byte[] bytes) {
            this.descriptor = descriptor;
            this.bytes = bytes.clone();
        }

        /// What they are.
        public Descriptor descriptor() {
            return descriptor;
        }
    }

    /// Writes it.
    ///
    /// @throws IOException if it cannot be written
    public void writeTo(ImageSink target) throws IOException {
        for (Content blob : blobs) {
            target.putBlob(blob.descriptor, new ByteArrayInputStream(blob.bytes));
        }
        target.putManifest(manifest.descriptor, manifest.bytes);
    }
}
