// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.cli.demo;

import dev.realmesh.oci.Descriptor;
import dev.realmesh.oci.ImageSink;
import dev.realmesh.oci.MediaTypes;
import dev.realmesh.oci.OciDigest;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPOutputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/// The demo's image: a static busybox of this machine, and a greeting that only the Realm can read. The same busybox
/// gives the same image.
public final class SampleImage {
    /// Where Debian's package busybox-static puts its program.
    static final Path BUSYBOX = Path.of("/bin/busybox");

    /// Members in order, so that the same content has the same digest.
    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS)
            .build();

    private static final List<String> APPLETS = List.of("sh", "cat", "echo", "hostname", "id", "ls", "ps", "sleep");
    private static final String GREETING = "Hello from a Realm: this text was encrypted until here.\n";

    private SampleImage() {}

    /// Writes the image.
    ///
    /// @throws IOException if busybox cannot be read or the image not written
    public static void write(ImageSink sink) throws IOException {
        byte[] tar = layer(Files.readAllBytes(BUSYBOX));
        byte[] layer = gzip(tar);
        byte[] config = JSON.writeValueAsBytes(config(OciDigest.of(tar)));
        Descriptor layerBlob = describe("application/vnd.oci.image.layer.v1.tar+gzip", layer);
        Descriptor configBlob = describe(MediaTypes.OCI_CONFIG, config);
        byte[] manifest = JSON.writeValueAsBytes(Map.of(
                "schemaVersion",
                2,
                "mediaType",
                MediaTypes.OCI_MANIFEST,
                "config",
                json(configBlob),
                "layers",
                List.of(json(layerBlob))));
        sink.putBlob(layerBlob, new ByteArrayInputStream(layer));
        sink.putBlob(configBlob, new ByteArrayInputStream(config));
        sink.putManifest(describe(MediaTypes.OCI_MANIFEST, manifest), manifest);
    }

    private static byte[] layer(byte[] busybox) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (TarArchiveOutputStream tar = new TarArchiveOutputStream(bytes)) {
            for (String folder : List.of("bin/", "dev/", "etc/", "proc/", "sys/", "tmp/")) {
                put(tar, new TarArchiveEntry(folder), 0755, new byte[0]);
            }
            put(tar, new TarArchiveEntry("bin/busybox"), 0755, busybox);
            for (String applet : APPLETS) {
                TarArchiveEntry link = new TarArchiveEntry("bin/" + applet, TarArchiveEntry.LF_SYMLINK);
                link.setLinkName("busybox");
                put(tar, link, 0777, new byte[0]);
            }
            put(tar, new TarArchiveEntry("etc/passwd"), 0644, utf8("root:x:0:0:root:/:/bin/sh\n"));
            put(tar, new TarArchiveEntry("etc/greeting"), 0400, utf8(GREETING));
        }
        return bytes.toByteArray();
    }

    private static void put(TarArchiveOutputStream tar, TarArchiveEntry entry, int mode, byte[] content)
            throws IOException {
        entry.setMode(mode);
        entry.setModTime(0L);
        entry.setIds(0, 0);
        entry.setSize(content.length);
        tar.putArchiveEntry(entry);
        tar.write(content);
        tar.closeArchiveEntry();
    }

    private static Map<String, Object> config(OciDigest diffId) {
        String architecture = switch (System.getProperty("os.arch")) {
            case "aarch64" -> "arm64";
            case "amd64", "x86_64" -> "amd64";
            default -> System.getProperty("os.arch");
        };
        return Map.of(
                "architecture",
                architecture,
                "os",
                "linux",
                "config",
                Map.of(
                        "Env", List.of("PATH=/bin"),
                        "Cmd", List.of("sh", "-c", "cat /etc/greeting; echo \"I am $(id -un) on $(hostname).\"")),
                "rootfs",
                Map.of("type", "layers", "diff_ids", List.of(diffId.toString())));
    }

    private static byte[] gzip(byte[] content) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(bytes)) {
            gzip.write(content);
        }
        return bytes.toByteArray();
    }

    private static Descriptor describe(String mediaType, byte[] content) {
        return new Descriptor(mediaType, OciDigest.of(content), content.length, Map.of());
    }

    private static Map<String, Object> json(Descriptor blob) {
        return Map.of("mediaType", blob.mediaType(), "digest", blob.digest().toString(), "size", blob.size());
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
