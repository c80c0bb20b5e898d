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
import java.io.InputStream;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.apache.commons.io.IOUtils;

/// Pulls an image's layers through decryption, decompression and unpacking into a root file system. Some layers are on
/// their way at a time, and are applied in their order. Memory is constant, 8 MiB for each layer on its way, but for
/// one entry a directory, with its extended attributes, and one name an entry of a layer.
///
/// ```java
/// Manifest manifest = Manifest.parse(bytesWhoseDigestWasChecked);
/// ImageConfig config = ImageConfig.parse(blobs.read(manifest.config(), ImageConfig.MAX_BYTES));
/// new UnpackImage(blobs, new LayerDecryption(keys), UnpackLimits.defaults()).unpack(manifest, config,
/// bundle.resolve("rootfs"));
/// ```
public final class UnpackImage {
    /// As many as upstream's image client fetches.
    private static final int LAYERS_AT_ONCE = 3;

    private final BlobSource blobs;
    private final LayerDecryption decryption;
    private final UnpackLimits limits;
    private final UnpackPolicy policy;

    /// With the usual policy.
    public UnpackImage(BlobSource blobs, LayerDecryption decryption, UnpackLimits limits) {
        this(blobs, decryption, limits, UnpackPolicy.defaults());
    }

    public UnpackImage(BlobSource blobs, LayerDecryption decryption, UnpackLimits limits, UnpackPolicy policy) {
        this.blobs = blobs;
        this.decryption = decryption;
        this.limits = limits;
        this.policy = policy;
    }

    /// Builds the root file system beside `rootfs` and moves it there once everything was right.
    ///
    /// @param manifest whose digest the caller has checked
    /// @param config of that manifest, checked likewise
    /// @param rootfs where it shall be; must not exist, its parent must
    /// @throws OciException if the image is refused; nothing is left of it then
    /// @throws NoRoomException if the file system is full; likewise
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
            apply(manifest.layers(), config.diffIds(), tree, budget);
            tree.finish();
            root.publish();
        }
        return budget.report();
    }

    private void apply(List<Descriptor> layers, List<OciDigest> diffIds, FileTree tree, UnpackBudget budget)
            throws IOException {
        Deque<LayerStream> coming = new ArrayDeque<>();
        try {
            int opened = 0;
            for (int applied = 0; applied < layers.size(); applied++) {
                for (; opened < Math.min(layers.size(), applied + LAYERS_AT_ONCE); opened++) {
                    Descriptor layer = layers.get(opened);
                    coming.add(LayerStream.open(layer, diffIds.get(opened), blobs.open(layer), decryption, budget));
                }
                try (LayerStream next = coming.remove()) {
                    apply(next, tree, budget);
                }
            }
        } finally {
            coming.forEach(IOUtils::closeQuietly);
        }
    }

    private void apply(LayerStream layer, FileTree tree, UnpackBudget budget) throws IOException {
        try {
            InputStream archive = layer.archive();
            new LayerApplication(tree, policy, budget).apply(archive);
            layer.verify(archive);
        } catch (OciException.Malformed | OciException.DigestMismatch e) {
            layer.verifySource(e);
            throw e;
        }
    }
}
