// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.oci.unpack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.realmesh.oci.Descriptor;
import dev.realmesh.oci.ImageConfig;
import dev.realmesh.oci.Manifest;
import dev.realmesh.oci.MediaTypes;
import dev.realmesh.oci.OciDigest;
import dev.realmesh.oci.OciException;
import dev.realmesh.oci.Platform;
import dev.realmesh.oci.crypt.KeySource;
import dev.realmesh.oci.crypt.LayerDecryption;
import dev.realmesh.testkit.Vectors;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Layers that try to get out of the root, or to fill the disk.
class HostileLayerTest {
    @TempDir
    Path folder;

    private Path rootfs;

    @BeforeEach
    void nameRootfs() throws IOException {
        Files.writeString(folder.resolve("victim"), "untouched");
        rootfs = Files.createDirectory(folder.resolve("bundle")).resolve("rootfs");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "dotdot",
                "hardlink-out",
                "hardlink-dotdot",
                "whiteout-dotdot",
                "whiteout-of-dotdot",
                "whiteout-of-dot"
            })
    void refusesNamesThatLeadOut(String name) {
        assertThatThrownBy(() -> unpack(tar(name), UnpackLimits.defaults()))
                .isInstanceOf(OciException.HostileLayer.class);

        assertNothingHappened();
    }

    @ParameterizedTest
    @ValueSource(strings = {"symlink-out-then-write", "symlink-rel-out", "dir-then-symlink"})
    void followsLinksOnlyInsideTheRoot(String name) throws IOException {
        assertThat(Path.of("/tmp/pwn")).doesNotExist();

        unpack(tar(name), UnpackLimits.defaults());

        assertThat(Path.of("/tmp/pwn")).doesNotExist();
        assertThat(rootfs.resolve("tmp")).isDirectoryContaining(Files::isRegularFile);
    }

    @Test
    void putsAbsoluteNamesBelowTheRoot() throws IOException {
        unpack(tar("absolute"), UnpackLimits.defaults());

        assertThat(rootfs.resolve("etc/abs.txt")).isRegularFile();
        assertThat(Path.of("/etc/abs.txt")).doesNotExist();
    }

    @Test
    void leavesOutDeviceNodes() throws IOException {
        UnpackReport report = unpack(tar("device-node"), UnpackLimits.defaults());

        assertThat(report.skippedNodes()).isEqualTo(1);
        assertThat(rootfs.resolve("dev")).isEmptyDirectory();
    }

    @Test
    void letsTheLastEntryOfANameWin() throws IOException {
        unpack(tar("dup-file-then-dir"), UnpackLimits.defaults());

        assertThat(rootfs.resolve("x/y")).isRegularFile();
    }

    @Test
    void endsNamesAtNul() throws IOException {
        unpack(tar("nul-name"), UnpackLimits.defaults());

        assertThat(rootfs.toFile().list()).containsExactly("a");
    }

    @Test
    void unpacksDeepTreeOrRefusesItsLength() throws IOException {
        unpack(tar("deep"), UnpackLimits.defaults());
        assertThat(rootfs.resolve("d/d/d")).isDirectory();
        Trees.delete(rootfs);

        UnpackLimits shallow = new UnpackLimits(1 << 20, 100, 100, 20, 1);
        assertThatThrownBy(() -> unpack(tar("deep"), shallow)).isInstanceOf(OciException.LimitExceeded.class);

        assertNothingHappened();
    }

    @Test
    void stopsBombAtItsBytes() {
        UnpackLimits limits = new UnpackLimits(8 << 20, 100, 100_000, 100, 1);

        assertThatThrownBy(() -> unpack(Vectors.bytes("coco/hostile-layers/bomb.tar.gz"), limits))
                .isInstanceOf(OciException.LimitExceeded.class)
                .hasMessageContaining("bytes");

        assertNothingHappened();
    }

    @Test
    void stopsBombAtItsRatio() {
        assertThatThrownBy(() -> unpack(Vectors.bytes("coco/hostile-layers/bomb.tar.gz"), UnpackLimits.defaults()))
                .isInstanceOf(OciException.LimitExceeded.class)
                .hasMessageContaining("expansion");

        assertNothingHappened();
    }

    @Test
    void stopsAtTooManyEntries() {
        UnpackLimits limits = new UnpackLimits(1 << 20, 1, 100, 100, 1);

        assertThatThrownBy(() -> unpack(tar("dup-file-then-dir"), limits))
                .isInstanceOf(OciException.LimitExceeded.class);

        assertNothingHappened();
    }

    @Test
    void refusesLinksThatLoop() throws IOException {
        byte[] layer = archive(link("a", "b"), link("b", "a"), new TarArchiveEntry("a/file"));

        assertThatThrownBy(() -> unpack(layer, UnpackLimits.defaults())).isInstanceOf(OciException.HostileLayer.class);

        assertNothingHappened();
    }

    @Test
    void refusesHugeHeaderBeforeItFillsTheMemory() throws IOException {
        TarArchiveEntry longName = new TarArchiveEntry("././@LongLink", TarConstants.LF_GNUTYPE_LONGNAME);
        longName.setSize(4 << 20);

        assertThatThrownBy(() -> unpack(archive(longName), UnpackLimits.defaults()))
                .isInstanceOf(OciException.LimitExceeded.class)
                .hasMessageContaining("header");

        assertNothingHappened();
    }

    @Test
    void refusesTruncatedArchive() throws IOException {
        byte[] whole = tar("absolute");

        assertThatThrownBy(() -> unpack(Arrays.copyOf(whole, 513), UnpackLimits.defaults()))
                .isInstanceOf(OciException.Malformed.class);

        assertNothingHappened();
    }

    @Test
    void writesBelowReadOnlyDirectoriesAndThenClosesThem() throws IOException {
        TarArchiveEntry closed = new TarArchiveEntry("closed/");
        closed.setMode(040500);

        unpack(archive(closed, new TarArchiveEntry("closed/file")), UnpackLimits.defaults());

        assertThat(rootfs.resolve("closed/file")).isRegularFile();
        assertThat((int) Files.getAttribute(rootfs.resolve("closed"), "unix:mode", LinkOption.NOFOLLOW_LINKS) & 0777)
                .isEqualTo(0500);
    }

    private UnpackReport unpack(byte[] layer, UnpackLimits limits) throws IOException {
        boolean gzip = layer[0] == 0x1f;
        String mediaType = "application/vnd.oci.image.layer.v1.tar" + (gzip ? "+gzip" : "");
        Descriptor descriptor = new Descriptor(mediaType, OciDigest.of(layer), layer.length, Map.of());
        Manifest manifest = new Manifest(MediaTypes.OCI_MANIFEST, descriptor, List.of(descriptor), Map.of());
        ImageConfig config =
                new ImageConfig(Platform.UNKNOWN, List.of(OciDigest.of(layer)), ImageConfig.RunDefaults.NONE);
        return new UnpackImage(
                        blob -> new ByteArrayInputStream(layer), new LayerDecryption(KeySource.of(List.of())), limits)
                .unpack(manifest, config, rootfs);
    }

    private void assertNothingHappened() {
        assertThat(rootfs.getParent()).isEmptyDirectory();
        assertThat(folder.resolve("victim")).hasContent("untouched");
        assertThat(folder.toFile().list()).containsExactlyInAnyOrder("victim", "bundle");
    }

    private static byte[] tar(String name) {
        return Vectors.bytes("coco/hostile-layers/" + name + ".tar");
    }

    private static TarArchiveEntry link(String name, String target) {
        TarArchiveEntry entry = new TarArchiveEntry(name, TarConstants.LF_SYMLINK);
        entry.setLinkName(target);
        return entry;
    }

    private static byte[] archive(TarArchiveEntry... entries) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (TarArchiveOutputStream tar = new TarArchiveOutputStream(bytes, StandardCharsets.UTF_8.name())) {
            for (TarArchiveEntry entry : entries) {
                tar.putArchiveEntry(entry);
                tar.write(new byte[(int) entry.getSize()]);
                tar.closeArchiveEntry();
            }
        }
        return bytes.toByteArray();
    }
}
