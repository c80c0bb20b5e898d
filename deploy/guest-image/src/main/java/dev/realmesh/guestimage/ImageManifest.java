// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.guestimage;

import dev.realmesh.host.vmm.GuestImage;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// `manifest.json` of a guest image: its files with their sizes and SHA-256 digests, for people and for transport;
/// trust
/// comes from the RIM alone.
final class ImageManifest {
    private static final JsonMapper JSON =
            JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();
    private static final int BUFFER_BYTES = 1 << 16;

    private ImageManifest() {}

    /// Writes the manifest of `names`, files of the folder `image`, and of its reference values.
    static void write(Path image, List<String> names, ReferenceValues reference) throws IOException {
        ObjectNode manifest = JSON.createObjectNode().put("version", 1).put("commandLine", GuestImage.COMMAND_LINE);
        manifest.putObject("realm")
                .put("memoryMib", reference.shape().memoryMib())
                .put("vcpus", reference.shape().vcpus())
                .put("rim", reference.rim().hex());
        ObjectNode files = manifest.putObject("files");
        for (String name : names) {
            Path file = image.resolve(name);
            files.putObject(name).put("size", Files.size(file)).put("sha256", sha256(file));
        }
        Files.writeString(image.resolve("manifest.json"), JSON.writeValueAsString(manifest) + "\n");
    }

    private static String sha256(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            byte[] buffer = new byte[BUFFER_BYTES];
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                digest.update(buffer, 0, n);
            }
            return HexFormat.of().formatHex(digest.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
