// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.oci.registry;

import dev.realmesh.oci.BlobSource;
import dev.realmesh.oci.Descriptor;
import dev.realmesh.oci.ImageSink;
import dev.realmesh.oci.Manifest;
import java.io.IOException;

/// Copies one image as it is: from an image layout to a registry, or the other way.
public final class CopyImage {
    private CopyImage() {}

    /// Copies configuration and layers, then the manifest.
    ///
    /// @param image descriptor of a manifest, not of an index
    /// @throws dev.realmesh.oci.OciException if a part is not what its descriptor says
    /// @throws IOException if it cannot be read or written
    public static void copy(BlobSource source, Descriptor image, ImageSink target) throws IOException {
        byte[] content = source.read(image, Manifest.MAX_BYTES);
        Manifest manifest = Manifest.parse(content);
        target.putBlob(manifest.config(), source);
        for (Descriptor layer : manifest.layers()) {
            target.putBlob(layer, source);
        }
        target.putManifest(image, content);
    }
}
