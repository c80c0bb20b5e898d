// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.guestimage;

import dev.realmesh.host.vmm.GuestImage;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// `manifest.json` of a guest image: its files, and the files inside its initrd, with their sizes and SHA-256 digests,
/// for people and for transport;
/// trust
/// comes from the RIM alone.
final class ImageManifest {
    private static final JsonMapper JSON =
            JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

    private ImageManifest() {}

    /// Writes the manifest of `names`, files of the folder `image`, of what is in the initrd, and of the reference
    /// values by the way to boot, those of its default shape first.
    static void write(Path image, List<String> names, RootTree initrd, List<ReferenceValues> references)
            throws IOException {
        ObjectNode manifest = JSON.createObjectNode().put("version", 1).put("commandLine", GuestImage.COMMAND_LINE);
        ObjectNode realms = manifest.putObject("realms");
        for (ReferenceValues reference : references) {
            String method = reference.source().method().name();
            if (realms.has(method)) {
                describe(
                        reference,
                        ((ObjectNode) realms.get(method)).withArray("larger").addObject());
            } else {
                describe(reference, realms.putObject(method));
            }
        }
        ObjectNode files = manifest.putObject("files");
        for (String name : names) {
            Path file = image.resolve(name);
            files.putObject(name).put("size", Files.size(file)).put("sha256", sha256(out -> Files.copy(file, out)));
        }
        ObjectNode contents = manifest.putObject("initrd");
        for (Map.Entry<String, RootTree.Entry> each : initrd.entries().entrySet()) {
            RootTree.Entry entry = each.getValue();
            if (entry.isFile()) {
                contents.putObject(each.getKey()).put("size", entry.size()).put("sha256", sha256(entry::writeTo));
            }
        }
        Files.writeString(image.resolve("manifest.json"), JSON.writeValueAsString(manifest) + "\n");
    }

    private static void describe(ReferenceValues reference, ObjectNode realm) {
        realm.put("memoryMib", reference.shape().memoryMib())
                .put("vcpus", reference.shape().vcpus())
                .put("rim", reference.rim().hex());
        reference.rem0().ifPresent(rem -> realm.put("rem0", rem.hex()));
    }

    /// Something that can be written out.
    private interface Content {
        void writeTo(OutputStream out) throws IOException;
    }

    private static String sha256(Content content) throws IOException {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            content.writeTo(new DigestOutputStream(OutputStream.nullOutputStream(), digest));
            return HexFormat.of().formatHex(digest.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
