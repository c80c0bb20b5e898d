// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.oci.layout;

import dev.realmesh.oci.Descriptor;
import dev.realmesh.oci.ImageSink;
import dev.realmesh.oci.VerifyingInputStream;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.json.JsonMapper;

/// Writes one image into an OCI image layout, beside those that are there under other names. Not for several writers of
/// one layout at a time.
public final class OciLayoutWriter implements ImageSink {
    private static final JsonMapper JSON = JsonMapper.shared();

    private final Path root;
    private final String name;

    private OciLayoutWriter(Path root, String name) {
        this.root = root;
        this.name = name;
    }

    /// Opens a layout for writing, and makes it if it is not there.
    ///
    /// @param name of the image in the layout, as in [OciLayout#REF_NAME]
    /// @throws IOException if it cannot be written
    public static OciLayoutWriter open(Path root, String name) throws IOException {
        Files.createDirectories(root.resolve("blobs"));
        if (!Files.exists(root.resolve("index.json"))) {
            replace(root.resolve("index.json"), index(List.of()));
            replace(root.resolve("oci-layout"), "{\"imageLayoutVersion\":\"1.0.0\"}".getBytes(StandardCharsets.UTF_8));
        }
        return new OciLayoutWriter(root, name);
    }

    @Override
    public void putBlob(Descriptor blob, InputStream content) throws IOException {
        Path target = OciLayout.blobPath(root, blob.digest());
        if (!Files.exists(target)) {
            var unused = putBlob(out -> {
                VerifyingInputStream.of(blob, content).transferTo(out);
                return blob;
            });
        }
    }

    @Override
    public Descriptor putBlob(BlobWriter content) throws IOException {
        Path pending = Files.createTempFile(root, ".blob", null);
        try {
            Descriptor blob;
            try (OutputStream out = Files.newOutputStream(pending)) {
                blob = content.writeTo(out);
            }
            Path target = OciLayout.blobPath(root, blob.digest());
            Files.createDirectories(
                    root.resolve("blobs").resolve(blob.digest().algorithm().prefix()));
            Files.move(pending, target, StandardCopyOption.ATOMIC_MOVE);
            return blob;
        } finally {
            Files.deleteIfExists(pending);
        }
    }

    @Override
    public void putManifest(Descriptor manifest, byte[] content) throws IOException {
        putBlob(manifest, new ByteArrayInputStream(content));
        List<Descriptor> images = new ArrayList<>(OciLayout.open(root).images());
        images.removeIf(image -> name.equals(image.annotations().get(OciLayout.REF_NAME)));
        Map<String, String> annotations = new HashMap<>(manifest.annotations());
        annotations.put(OciLayout.REF_NAME, name);
        images.add(new Descriptor(manifest.mediaType(), manifest.digest(), manifest.size(), annotations));
        replace(root.resolve("index.json"), index(images));
    }

    private static byte[] index(List<Descriptor> images) {
        Map<String, Object> index = new LinkedHashMap<>();
        index.put("schemaVersion", 2);
        index.put("manifests", images.stream().map(Descriptor::toJson).toList());
        return JSON.writeValueAsBytes(index);
    }

    private static void replace(Path file, byte[] content) throws IOException {
        Path pending = Files.createTempFile(file.getParent(), ".index", null);
        try {
            Files.write(pending, content);
            Files.move(pending, file, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(pending);
        }
    }
}
