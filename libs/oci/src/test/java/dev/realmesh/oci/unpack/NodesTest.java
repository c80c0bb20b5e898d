// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.oci.unpack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// FIFOs and devices. A FIFO that is opened blocks whoever does so, hence the timeout.
@Timeout(30)
class NodesTest {
    private static final UnpackPolicy MAKE = new UnpackPolicy(UnpackPolicy.Devices.MAKE);

    @TempDir
    Path folder;

    @Test
    void makesFifos() throws IOException {
        UnpackReport report = unpack(UnpackPolicy.defaults(), node("run/pipe", TarConstants.LF_FIFO, 0640));

        assertThat(mode("run/pipe")).isEqualTo(0010640);
        assertThat(report.skippedNodes()).isZero();
    }

    @Test
    void putsAFifoInAFilesPlaceAndAFileInAFifos() throws IOException {
        UnpackReport report = unpack(
                UnpackPolicy.defaults(),
                new TarArchiveEntry("one"),
                node("two", TarConstants.LF_FIFO, 0600),
                node("one", TarConstants.LF_FIFO, 0600),
                new TarArchiveEntry("two"));

        assertThat(mode("one")).isEqualTo(0010600);
        assertThat(rootfs().resolve("two")).isEmptyFile();
        assertThat(report.skippedNodes()).isZero();
    }

    @Test
    void hidesAFifoOfALowerLayer() throws IOException {
        byte[] lower = archive(node("pipe", TarConstants.LF_FIFO, 0600), new TarArchiveEntry("file"));
        byte[] upper = archive(new TarArchiveEntry(".wh.pipe"));

        LayerArchive.unpack(List.of(lower, upper), UnpackLimits.defaults(), UnpackPolicy.defaults(), rootfs());

        assertThat(rootfs().toFile().list()).containsExactly("file");
    }

    @Test
    void leavesNoFifoWhereTheImageIsRefused() throws IOException {
        byte[] layer = archive(node("pipe", TarConstants.LF_FIFO, 0600), new TarArchiveEntry("../out"));

        assertThatThrownBy(() ->
                        LayerArchive.unpack(List.of(layer), UnpackLimits.defaults(), UnpackPolicy.defaults(), rootfs()))
                .hasMessageContaining("..");

        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void leavesDevicesOutAndCountsThem() throws IOException {
        UnpackReport report = unpack(
                UnpackPolicy.defaults(),
                device("dev/null", TarConstants.LF_CHR, 1, 3),
                device("dev/sda", TarConstants.LF_BLK, 8, 0),
                device("dev/whiteout", TarConstants.LF_CHR, 0, 0));

        assertThat(rootfs().resolve("dev")).isEmptyDirectory();
        assertThat(report.skippedNodes()).isEqualTo(3);
    }

    @Test
    void makesDevicesWhereThePolicySaysSo() throws IOException {
        assumeTrue(
                FileSystemCalls.makeCharacterDevice(folder.resolve("trial"), new DeviceNumber(1, 3)),
                "this process may not make devices");
        Files.delete(folder.resolve("trial"));

        UnpackReport report = unpack(
                MAKE,
                device("dev/null", TarConstants.LF_CHR, 1, 3),
                device("dev/sdzz", TarConstants.LF_BLK, 259, 300),
                device("dev/whiteout", TarConstants.LF_CHR, 0, 0));

        assertThat(mode("dev/null")).isEqualTo(0020666);
        assertThat(mode("dev/sdzz")).isEqualTo(0060666);
        assertThat(Files.getAttribute(rootfs().resolve("dev/null"), "unix:rdev"))
                .isEqualTo(0x103L);
        assertThat(Files.getAttribute(rootfs().resolve("dev/sdzz"), "unix:rdev"))
                .isEqualTo(0x11032cL);
        assertThat(rootfs().resolve("dev/whiteout")).doesNotExist();
        assertThat(report.skippedNodes()).isEqualTo(1);
    }

    @Test
    void encodesNumbersAsMakedevDoes() {
        assertThat(new DeviceNumber(1, 3).encoded()).isEqualTo(0x103);
        assertThat(new DeviceNumber(0xabcde, 0x12345).encoded()).isEqualTo(0xab0_0012_3cde_45L);
    }

    private UnpackReport unpack(UnpackPolicy policy, TarArchiveEntry... entries) throws IOException {
        return LayerArchive.unpack(List.of(archive(entries)), UnpackLimits.defaults(), policy, rootfs());
    }

    private static byte[] archive(TarArchiveEntry... entries) throws IOException {
        LayerArchive archive = new LayerArchive();
        for (TarArchiveEntry entry : entries) {
            archive.add(entry);
        }
        return archive.toByteArray();
    }

    private static TarArchiveEntry node(String name, byte type, int mode) {
        TarArchiveEntry entry = new TarArchiveEntry(name, type);
        entry.setMode(mode);
        return entry;
    }

    private static TarArchiveEntry device(String name, byte type, int major, int minor) {
        TarArchiveEntry entry = node(name, type, 0666);
        entry.setDevMajor(major);
        entry.setDevMinor(minor);
        return entry;
    }

    private int mode(String name) throws IOException {
        assertThat(Files.readAttributes(rootfs().resolve(name), BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS)
                        .isOther())
                .isTrue();
        return (int) Files.getAttribute(rootfs().resolve(name), "unix:mode", LinkOption.NOFOLLOW_LINKS);
    }

    private Path rootfs() {
        return folder.resolve("rootfs");
    }
}
