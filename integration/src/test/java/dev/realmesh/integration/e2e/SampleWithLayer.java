// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.integration.e2e;

import dev.realmesh.oci.Descriptor;
import dev.realmesh.oci.Manifest;
import dev.realmesh.oci.MediaTypes;
import dev.realmesh.oci.OciDigest;
import dev.realmesh.oci.layout.OciLayout;
import dev.realmesh.oci.layout.OciLayoutWriter;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// The sample image with one more layer.
final class SampleWithLayer {
    private static final JsonMapper JSON = JsonMapper.shared();

    private SampleWithLayer() {}

    /// A layer of one file.
    static byte[] tar(String name, byte[] content) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (TarArchiveOutputStream tar = new TarArchiveOutputStream(bytes)) {
            TarArchiveEntry entry = new TarArchiveEntry(name);
            entry.setSize(content.length);
            tar.putArchiveEntry(entry);
            tar.write(content);
            tar.closeArchiveEntry();
        }
        return bytes.toByteArray();
    }

    /// Writes it as `1` of a new layout.
    ///
    /// @param sample layout that has the sample as `1`
    /// @param tar the layer
    static void write(Path sample, byte[] tar, Path layout) throws IOException {
        OciLayout from = OciLayout.open(sample);
        OciLayoutWriter to = OciLayoutWriter.open(layout, "1");
        byte[] plain = from.read(from.image("1"), Manifest.MAX_BYTES);
        Manifest before = Manifest.parse(plain);
        for (Descriptor layer : before.layers()) {
            to.putBlob(layer, from.open(layer));
        }
        Descriptor added = put(to, "application/vnd.oci.image.layer.v1.tar", tar);

        ObjectNode config = (ObjectNode) JSON.readTree(from.read(before.config(), Manifest.MAX_BYTES));
        ((ObjectNode) config.get("rootfs"))
                .withArray("diff_ids")
                .add(added.digest().toString());
        ObjectNode manifest = (ObjectNode) JSON.readTree(plain);
        manifest.set("config", json(put(to, MediaTypes.OCI_CONFIG, JSON.writeValueAsBytes(config))));
        manifest.withArray("layers").add(json(added));
        byte[] content = JSON.writeValueAsBytes(manifest);
        to.putManifest(describe(MediaTypes.OCI_MANIFEST, content), content);
    }

    private static Descriptor put(OciLayoutWriter to, String mediaType, byte[] content) throws IOException {
        Descriptor blob = describe(mediaType, content);
        to.putBlob(blob, new ByteArrayInputStream(content));
        return blob;
    }

    private static Descriptor describe(String mediaType, byte[] content) {
        return new Descriptor(mediaType, OciDigest.of(content), content.length, Map.of());
    }

    private static ObjectNode json(Descriptor blob) {
        return JSON.createObjectNode()
                .put("mediaType", blob.mediaType())
                .put("digest", blob.digest().toString())
                .put("size", blob.size());
    }
}
