// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.realm.boot;

import dev.realmesh.oci.Descriptor;
import dev.realmesh.oci.MediaTypes;
import dev.realmesh.oci.OciDigest;
import dev.realmesh.oci.Platform;
import dev.realmesh.oci.crypt.LayerEncryption;
import dev.realmesh.oci.crypt.Recipient;
import dev.realmesh.realm.container.CrunInUserNamespace;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPOutputStream;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// An OCI layout with one image: busybox in one layer, encrypted for a key that a broker holds.
final class BusyboxImage {
    private static final JsonMapper JSON = new JsonMapper();
    private static final String LAYER = "application/vnd.oci.image.layer.v1.tar+gzip";

    private final Path layout;

    private BusyboxImage(Path layout) {
        this.layout = layout;
    }

    /// Makes the layout.
    ///
    /// @param command the image's Cmd, run by a shell
    static Path in(Path folder, Recipient.KeyBroker key, String command) throws IOException, InterruptedException {
        BusyboxImage image = new BusyboxImage(folder.resolve("layout"));
        Files.createDirectories(image.layout.resolve("blobs/sha256"));
        byte[] tar = image.tar(folder.resolve("busybox"));
        Descriptor layer = image.encrypted(tar, key);
        ObjectNode manifest = JSON.createObjectNode();
        manifest.put("schemaVersion", 2).put("mediaType", MediaTypes.OCI_MANIFEST);
        describe(manifest.putObject("config"), MediaTypes.OCI_CONFIG, image.add(config(OciDigest.of(tar), command)));
        describe(manifest.putArray("layers").addObject(), layer.mediaType(), layer)
                .set("annotations", JSON.valueToTree(layer.annotations()));
        ObjectNode index = JSON.createObjectNode().put("schemaVersion", 2);
        Descriptor top = image.add(JSON.writeValueAsBytes(manifest));
        describe(index.putArray("manifests").addObject(), MediaTypes.OCI_MANIFEST, top);
        Files.write(image.layout.resolve("index.json"), JSON.writeValueAsBytes(index));
        return image.layout;
    }

    private byte[] tar(Path root) throws IOException, InterruptedException {
        CrunInUserNamespace.unpackBusybox(root);
        Process tar = new ProcessBuilder("tar", "-C", root.toString(), "-cf", "-", ".").start();
        byte[] archive = tar.getInputStream().readAllBytes();
        if (tar.waitFor() != 0) {
            throw new IOException("tar ended with " + tar.exitValue());
        }
        return archive;
    }

    private Descriptor encrypted(byte[] tar, Recipient.KeyBroker key) throws IOException {
        ByteArrayOutputStream compressed = new ByteArrayOutputStream();
        try (OutputStream gzip = new GZIPOutputStream(compressed)) {
            gzip.write(tar);
        }
        byte[] plain = compressed.toByteArray();
        ByteArrayOutputStream ciphertext = new ByteArrayOutputStream();
        Descriptor descriptor = new LayerEncryption(List.of(key), new SecureRandom())
                .encrypt(
                        new Descriptor(LAYER, OciDigest.of(plain), plain.length, Map.of()),
                        new ByteArrayInputStream(plain),
                        ciphertext);
        add(ciphertext.toByteArray());
        return descriptor;
    }

    private Descriptor add(byte[] blob) throws IOException {
        OciDigest digest = OciDigest.of(blob);
        Files.write(layout.resolve("blobs/sha256").resolve(digest.hex()), blob);
        return new Descriptor("", digest, blob.length, Map.of());
    }

    private static ObjectNode describe(ObjectNode node, String mediaType, Descriptor descriptor) {
        return node.put("mediaType", mediaType)
                .put("digest", descriptor.digest().toString())
                .put("size", descriptor.size());
    }

    private static byte[] config(OciDigest diffId, String command) {
        ObjectNode config = JSON.createObjectNode();
        config.put("os", "linux").put("architecture", Platform.current().architecture());
        ObjectNode process = config.putObject("config");
        process.putArray("Entrypoint").add("/bin/sh").add("-c");
        process.putArray("Cmd").add(command);
        config.putObject("rootfs").put("type", "layers").putArray("diff_ids").add(diffId.toString());
        return JSON.writeValueAsBytes(config);
    }
}
