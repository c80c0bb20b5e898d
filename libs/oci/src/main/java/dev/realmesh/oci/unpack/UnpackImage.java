// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.oci.unpack;

import dev.realmesh.oci.BlobSource;
import dev.realmesh.oci.Descriptor;
import dev.realmesh.oci.ImageConfig;
import dev.realmesh.oci.Manifest;
import dev.realmesh.oci.OciDigest;
import dev.realmesh.oci.OciException;
import dev.realmesh.oci.crypt.LayerDecryption;
import java.io.IOException;
import java.nio.file.Path;

/// Pulls an image's layers through decryption, decompression and unpacking into a root file system, in constant memory
/// but for one entry a directory and one name an entry of a layer.
///
/// ```java
/// Manifest manifest = Manifest.parse(bytesWhoseDigestWasChecked);
/// ImageConfig config = ImageConfig.parse(blobs.read(manifest.config(), ImageConfig.MAX_BYTES));
/// new UnpackImage(blobs, new LayerDecryption(keys), UnpackLimits.defaults()).unpack(manifest, config,
/// bundle.resolve("rootfs"));
/// ```
public final class UnpackImage {
    private final BlobSource blobs;
    private final LayerDecryption decryption;
    private final UnpackLimits limits;

    public UnpackImage(BlobSource blobs, LayerDecryption decryption, UnpackLimits limits) {
        this.blobs = blobs;
        this.decryption = decryption;
        this.limits = limits;
    }

    /// Builds the root file system beside `rootfs` and moves it there once everything was right.
    ///
    /// @param manifest whose digest the caller has checked
    /// @param config of that manifest, checked likewise
    /// @param rootfs where it shall be; must not exist, its parent must
    /// @throws OciException if the image is refused; nothing is left of it then
    /// @throws IOException if blobs cannot be had or files not written; likewise
    public UnpackReport unpack(Manifest manifest, ImageConfig config, Path rootfs) throws IOException {
        int layers = manifest.layers().size();
        if (layers != config.diffIds().size()) {
            throw new OciException.Malformed("image configuration: "
                    + config.diffIds().size() + " diff ids (expected: " + layers + ", one for each layer)");
        }
        UnpackBudget budget = new UnpackBudget(limits);
        try (PendingRoot root = PendingRoot.beside(rootfs)) {
            FileTree tree = new FileTree(root.path(), budget);
            for (int i = 0; i < layers; i++) {
                apply(manifest.layers().get(i), config.diffIds().get(i), tree, budget);
            }
            tree.finish();
            root.publish();
        }
        return budget.report();
    }

    private void apply(Descriptor layer, OciDigest diffId, FileTree tree, UnpackBudget budget) throws IOException {
        try (LayerStream stream = LayerStream.open(layer, diffId, blobs.open(layer), decryption, budget)) {
            try {
                new LayerApplication(tree, budget).apply(stream.archive());
                stream.verify();
            } catch (OciException.Malformed | OciException.DigestMismatch e) {
                stream.verifySource(e);
                throw e;
            }
        }
    }
}
