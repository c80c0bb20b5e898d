// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.host.machine.guest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.realmesh.testkit.Seeds;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/// The initrd is a hostile archive: it unpacks below its folder or not at all.
class InitrdUnpackerTest {
    private static final InitrdUnpacker.Limits LIMITS = new InitrdUnpacker.Limits(100, 1 << 20);

    @TempDir
    private Path outside;

    @Test
    void unpacksFilesFoldersAndLinks() throws IOException {
        byte[] archive = new Cpio()
                .folder("bin")
                .entry("bin/tool", 0104755, "program")
                .entry("bin/alias", Cpio.LINK, "tool")
                .entry("empty", Cpio.FILE, "")
                .bytes();

        Path root = unpack(archive);

        assertThat(root.resolve("bin/tool")).hasContent("program");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(root.resolve("bin/tool"))))
                .isEqualTo("rwxr-xr-x");
        assertThat(Files.getLastModifiedTime(root.resolve("bin/tool")).toMillis())
                .isEqualTo(1_000_000_000_000L);
        assertThat(Files.readSymbolicLink(root.resolve("bin/alias"))).hasToString("tool");
        assertThat(root.resolve("empty")).isEmptyFile();
    }

    @Test
    void unpacksGzippedArchives() throws IOException {
        ByteArrayOutputStream compressed = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(compressed)) {
            gzip.write(new Cpio().entry("file", Cpio.FILE, "content").bytes());
        }

        assertThat(unpack(compressed.toByteArray()).resolve("file")).hasContent("content");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/etc/passwd", "../escape", "a/../../escape", "a//b", "./a", "a/.", ".."})
    void refusesPathsThatLeaveTheFolder(String name) {
        assertRefused(new Cpio().folder("a").entry(name, Cpio.FILE, "x").bytes(), "expected: a relative path");
    }

    @Test
    void writesNothingThroughALink() {
        byte[] archive = new Cpio()
                .entry("a", Cpio.LINK, outside.toString())
                .entry("a/escape", Cpio.FILE, "x")
                .bytes();

        assertRefused(archive, "not in a folder that came before it");
    }

    @Test
    void overwritesNothing() {
        assertRefused(
                new Cpio()
                        .entry("a", Cpio.LINK, outside.resolve("escape").toString())
                        .entry("a", Cpio.FILE, "x")
                        .bytes(),
                "comes twice");
    }

    @ParameterizedTest
    @ValueSource(ints = {0020666, 0060666, 0010666, 0140777})
    void refusesDevicesPipesAndSockets(int mode) {
        assertRefused(new Cpio().entry("device", mode, "").bytes(), "expected: a file, folder or link");
    }

    @Test
    void refusesHardLinks() {
        assertRefused(new Cpio().entry("a", Cpio.FILE, 2, 1, new byte[1]).bytes(), "is a hard link");
    }

    @Test
    void refusesMoreThanItsLimits() {
        assertRefused(new Cpio().entry("a", Cpio.FILE, new byte[(1 << 20) + 1]).bytes(), "files of more than 1048576");
        Cpio many = new Cpio();
        for (int i = 0; i < 101; i++) {
            many.entry("f" + i, Cpio.FILE, "");
        }
        assertRefused(many.bytes(), "more than 100 entries");
        assertRefused(
                new Cpio().entry("a", Cpio.FILE, 1, 0xFFFF_FFFFL, new byte[0]).bytes(), "files of more than");
        assertRefused(new Cpio().entry("n".repeat(2000), Cpio.FILE, "").bytes(), "name of 2001 bytes");
    }

    @Test
    void refusesArchivesThatEndTooEarly() {
        byte[] archive = new Cpio().entry("file", Cpio.FILE, "content").unfinished();

        assertRefused(archive, "ends in the middle");
        assertRefused(Arrays.copyOf(archive, archive.length - 3), "ends in the middle");
        assertRefused(new byte[0], "ends in the middle");
        assertRefused(new byte[200], "expected: magic 070701");
    }

    @ParameterizedTest
    @MethodSource("dev.realmesh.testkit.Seeds#some")
    void neverLeavesTheFolderWhateverTheBytes(long seed) throws IOException {
        RandomGenerator random = Seeds.random(seed);
        byte[] archive = new Cpio()
                .folder("a")
                .entry("a/f", Cpio.FILE, "content")
                .entry("a/l", Cpio.LINK, "f")
                .entry("g", Cpio.PROGRAM, new byte[5000])
                .bytes();
        for (int flips = random.nextInt(1, 6); flips > 0; flips--) {
            archive[random.nextInt(archive.length)] = (byte) random.nextInt();
        }
        try {
            unpack(archive);
        } catch (GuestException.BadInitrd e) {
            assertThat(e).hasMessageStartingWith("guest initrd: offset ");
        }
        try (Stream<Path> left = Files.list(outside)) {
            assertThat(left).allMatch(path -> path.getFileName().toString().startsWith("root"));
        }
    }

    private void assertRefused(byte[] archive, String why) {
        assertThatThrownBy(() -> unpack(archive))
                .isInstanceOf(GuestException.BadInitrd.class)
                .hasMessageContaining(why);
        assertThat(Files.exists(outside.resolve("escape"), LinkOption.NOFOLLOW_LINKS))
                .isFalse();
    }

    private Path unpack(byte[] archive) throws IOException {
        Path root = Files.createTempDirectory(outside, "root");
        InitrdUnpacker.unpack(new ByteArrayInputStream(archive), root, LIMITS);
        return root;
    }
}
