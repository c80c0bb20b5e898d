// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.integration.bench;

import dev.realmesh.oci.Descriptor;
import dev.realmesh.oci.MediaTypes;
import dev.realmesh.oci.OciDigest;
import dev.realmesh.oci.Platform;
import dev.realmesh.oci.layout.OciLayout;
import dev.realmesh.oci.layout.OciLayoutWriter;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/// The JDK's library folder as an image of gzip layers, each the whole folder with another time in it.
final class JdkImage {
    private final Path folder;
    private final OciLayoutWriter writer;
    private final List<Descriptor> layers = new ArrayList<>();
    private final List<OciDigest> diffIds = new ArrayList<>();

    private JdkImage(Path folder, OciLayoutWriter writer) {
        this.folder = folder;
        this.writer = writer;
    }

    /// Writes it as `1` of a new layout.
    static OciLayout write(Path folder, int layers) throws IOException, InterruptedException {
        JdkImage image = new JdkImage(folder, OciLayoutWriter.open(folder, "1"));
        for (int i = 0; i < layers; i++) {
            image.addLayer(i);
        }
        image.finish();
        return OciLayout.open(folder);
    }

    private void addLayer(int second) throws IOException, InterruptedException {
        Path tar = folder.resolve("layer.tar");
        Peer.call(
                "tar",
                "--sort=name",
                "--mtime=@" + second,
                "--owner=0",
                "--group=0",
                "-cf",
                tar.toString(),
                "-C",
                System.getProperty("java.home"),
                "lib");
        diffIds.add(digest(tar));
        Peer.call("gzip", "-n", "-6", tar.toString());
        Path gzip = folder.resolve("layer.tar.gz");
        Descriptor layer =
                new Descriptor("application/vnd.oci.image.layer.v1.tar+gzip", digest(gzip), Files.size(gzip), Map.of());
        try (InputStream content = Files.newInputStream(gzip)) {
            writer.putBlob(layer, content);
        }
        Files.delete(gzip);
        layers.add(layer);
    }

    private void finish() throws IOException {
        String ids = diffIds.stream().map(id -> "\"" + id + "\"").collect(Collectors.joining(","));
        byte[] config = utf8("{\"architecture\":\"" + Platform.current().architecture()
                + "\",\"os\":\"linux\",\"rootfs\":{\"type\":\"layers\",\"diff_ids\":[" + ids + "]}}");
        Descriptor configBlob = describe(MediaTypes.OCI_CONFIG, config);
        byte[] manifest = utf8("{\"schemaVersion\":2,\"mediaType\":\"" + MediaTypes.OCI_MANIFEST + "\",\"config\":"
                + json(configBlob) + ",\"layers\":["
                + layers.stream().map(JdkImage::json).collect(Collectors.joining(",")) + "]}");
        writer.putBlob(configBlob, new ByteArrayInputStream(config));
        writer.putManifest(describe(MediaTypes.OCI_MANIFEST, manifest), manifest);
    }

    private static OciDigest digest(Path file) throws IOException {
        return OciDigest.of(Files.readAllBytes(file));
    }

    private static Descriptor describe(String mediaType, byte[] content) {
        return new Descriptor(mediaType, OciDigest.of(content), content.length, Map.of());
    }

    private static String json(Descriptor blob) {
        return "{\"mediaType\":\"%s\",\"digest\":\"%s\",\"size\":%d}"
                .formatted(blob.mediaType(), blob.digest(), blob.size());
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
