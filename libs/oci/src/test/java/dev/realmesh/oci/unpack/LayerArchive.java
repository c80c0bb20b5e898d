// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.oci.unpack;

import dev.realmesh.oci.Descriptor;
import dev.realmesh.oci.ImageConfig;
import dev.realmesh.oci.Manifest;
import dev.realmesh.oci.MediaTypes;
import dev.realmesh.oci.OciDigest;
import dev.realmesh.oci.Platform;
import dev.realmesh.oci.crypt.KeySource;
import dev.realmesh.oci.crypt.LayerDecryption;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;

/// A layer made for a test, entry by entry.
final class LayerArchive {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final TarArchiveOutputStream tar = new TarArchiveOutputStream(bytes, StandardCharsets.UTF_8.name());

    LayerArchive() {
        tar.setLongFileMode(TarArchiveOutputStream.LONGFILE_GNU);
    }

    /// Adds an entry with content of zeros.
    LayerArchive add(TarArchiveEntry entry) throws IOException {
        return add(entry, new byte[(int) entry.getSize()]);
    }

    /// Adds an entry.
    LayerArchive add(TarArchiveEntry entry, byte[] content) throws IOException {
        tar.putArchiveEntry(entry);
        tar.write(content);
        tar.closeArchiveEntry();
        return this;
    }

    /// Adds a global header, whose content is in it.
    LayerArchive addGlobal(TarArchiveEntry header) throws IOException {
        tar.putArchiveEntry(header);
        return this;
    }

    /// Adds an extended attribute of the entry that comes next; its value may be any bytes.
    LayerArchive attribute(String name, byte[] value) throws IOException {
        return extension(record("SCHILY.xattr." + name, value));
    }

    /// Adds a PAX extended header as it is.
    LayerArchive extension(byte[] content) throws IOException {
        TarArchiveEntry header = new TarArchiveEntry("./PaxHeaders.X/x", TarConstants.LF_PAX_EXTENDED_HEADER_LC);
        header.setSize(content.length);
        return add(header, content);
    }

    byte[] toByteArray() throws IOException {
        tar.close();
        return bytes.toByteArray();
    }

    /// Unpacks layers that are in files, lowest first; `.gz` and `.zst` at the end of their names say what they are.
    static UnpackReport unpack(List<Path> layers, Path rootfs) throws IOException {
        List<Descriptor> blobs = new ArrayList<>();
        for (Path layer : layers) {
            OciDigest digest = OciDigest.of(Files.readAllBytes(layer));
            blobs.add(new Descriptor(mediaType(layer), digest, Files.size(layer), Map.of()));
        }
        Manifest manifest = new Manifest(MediaTypes.OCI_MANIFEST, blobs.getFirst(), blobs, Map.of());
        ImageConfig config = new ImageConfig(
                Platform.UNKNOWN, blobs.stream().map(Descriptor::digest).toList(), ImageConfig.RunDefaults.NONE);
        return new UnpackImage(
                        blob -> Files.newInputStream(layers.get(blobs.indexOf(blob))),
                        new LayerDecryption(KeySource.of(List.of())),
                        UnpackLimits.defaults())
                .unpack(manifest, config, rootfs);
    }

    private static String mediaType(Path layer) {
        String name = layer.getFileName().toString();
        String suffix = name.endsWith(".gz") ? "+gzip" : name.endsWith(".zst") ? "+zstd" : "";
        return "application/vnd.oci.image.layer.v1.tar" + suffix;
    }

    /// Unpacks layers, lowest first.
    static UnpackReport unpack(List<byte[]> layers, UnpackLimits limits, UnpackPolicy policy, Path rootfs)
            throws IOException {
        List<Descriptor> blobs = layers.stream().map(LayerArchive::describe).toList();
        Manifest manifest = new Manifest(MediaTypes.OCI_MANIFEST, blobs.getFirst(), blobs, Map.of());
        ImageConfig config = new ImageConfig(
                Platform.UNKNOWN, blobs.stream().map(Descriptor::digest).toList(), ImageConfig.RunDefaults.NONE);
        return new UnpackImage(
                        blob -> new ByteArrayInputStream(layers.get(blobs.indexOf(blob))),
                        new LayerDecryption(KeySource.of(List.of())),
                        limits,
                        policy)
                .unpack(manifest, config, rootfs);
    }

    /// `length keyword=value` and a newline, the length being that of all of it.
    static byte[] record(String keyword, byte[] value) {
        byte[] start = (" " + keyword + "=").getBytes(StandardCharsets.UTF_8);
        int rest = start.length + value.length + 1;
        int length = rest + 1;
        while (String.valueOf(length).length() + rest != length) {
            length++;
        }
        ByteArrayOutputStream record = new ByteArrayOutputStream();
        record.writeBytes(String.valueOf(length).getBytes(StandardCharsets.US_ASCII));
        record.writeBytes(start);
        record.writeBytes(value);
        record.write('\n');
        return record.toByteArray();
    }

    private static Descriptor describe(byte[] layer) {
        return new Descriptor("application/vnd.oci.image.layer.v1.tar", OciDigest.of(layer), layer.length, Map.of());
    }
}
