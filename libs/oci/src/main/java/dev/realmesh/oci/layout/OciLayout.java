// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.oci.layout;

import dev.realmesh.oci.BlobSource;
import dev.realmesh.oci.Descriptor;
import dev.realmesh.oci.JsonDocument;
import dev.realmesh.oci.Manifest;
import dev.realmesh.oci.OciDigest;
import dev.realmesh.oci.OciException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;

/// An OCI image layout to read from: `oci-layout`, `index.json` and `blobs/<algorithm>/<hex>`.
public final class OciLayout implements BlobSource {
    /// Annotation that names an image in the layout's index.
    public static final String REF_NAME = "org.opencontainers.image.ref.name";

    private static final String VERSION = "1.0.0";
    private static final int MAX_MARKER_BYTES = 4096;

    private final Path root;
    private final List<Descriptor> images;

    private OciLayout(Path root, List<Descriptor> images) {
        this.root = root;
        this.images = images;
    }

    /// Opens a layout.
    ///
    /// @throws OciException if it is not one
    /// @throws IOException if it cannot be read
    public static OciLayout open(Path root) throws IOException {
        JsonDocument marker = JsonDocument.parse(
                "oci-layout", bounded(root.resolve("oci-layout"), MAX_MARKER_BYTES), MAX_MARKER_BYTES);
        String version = marker.text("imageLayoutVersion");
        if (!version.equals(VERSION)) {
            throw new OciException.Unsupported("imageLayoutVersion: " + version + " (expected: " + VERSION + ")");
        }
        byte[] index = bounded(root.resolve("index.json"), Manifest.MAX_BYTES);
        return new OciLayout(root, Descriptor.readAll("index.json", index, "manifests"));
    }

    /// Manifests and indexes that the layout's index names, in its order.
    public List<Descriptor> images() {
        return images;
    }

    /// The only image, or the one of that name.
    ///
    /// @param name as in [#REF_NAME]; empty for the only one
    /// @throws OciException.BadReference if there is no such image, or none to choose
    public Descriptor image(String name) {
        List<Descriptor> found = images.stream()
                .filter(image ->
                        name.isEmpty() || name.equals(image.annotations().get(REF_NAME)))
                .toList();
        if (found.size() != 1) {
            throw new OciException.BadReference("layout " + root + ": " + found.size() + " images"
                    + (name.isEmpty() ? "" : " named " + name) + " (expected: one)");
        }
        return found.getFirst();
    }

    @Override
    public InputStream open(Descriptor blob) throws IOException {
        Path file = blobPath(root, blob.digest());
        if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
            throw new NoSuchFileException(file.toString());
        }
        return Files.newInputStream(file);
    }

    static Path blobPath(Path root, OciDigest digest) {
        return root.resolve("blobs").resolve(digest.algorithm().prefix()).resolve(digest.hex());
    }

    private static byte[] bounded(Path file, int maxBytes) throws IOException {
        try (InputStream content = Files.newInputStream(file)) {
            return content.readNBytes(maxBytes + 1);
        }
    }
}
