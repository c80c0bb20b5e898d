// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.oci.unpack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.realmesh.oci.OciException;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Extended attributes of a layer's entries, on a real file system.
class ExtendedAttributesTest {
    private static final byte[] VALUE = {0, '=', '\n', (byte) 0x80, (byte) 0xff, 0};

    /// `cap_setuid=ep` (linux/capability.h, VFS_CAP_REVISION_2): its bytes are no UTF-8.
    private static final byte[] SETUID = HexFormat.of().parseHex("0100000280000000000000000000000000000000");

    private static final String CAPABILITY = "security.capability";

    @TempDir
    Path folder;

    @Test
    void keepsEveryByteOfAValue() throws Throwable {
        requireAttributes();
        UnpackReport report = unpack(new LayerArchive()
                .attribute("user.bytes", VALUE)
                .attribute("user.ünïcode", VALUE)
                .add(new TarArchiveEntry("file")));

        assertThat(attribute("file", "user.bytes")).hasValue(VALUE);
        assertThat(attribute("file", "user.ünïcode")).hasValue(VALUE);
        assertThat(report.skippedAttributes()).isZero();
    }

    @Test
    void givesEachEntryItsOwn() throws Throwable {
        requireAttributes();
        TarArchiveEntry odd = new TarArchiveEntry("first");
        odd.setSize(513);
        unpack(new LayerArchive()
                .attribute("user.one", new byte[] {1})
                .add(odd)
                .add(new TarArchiveEntry("none"))
                .attribute("user.two", new byte[] {2})
                .add(new TarArchiveEntry("x".repeat(120)))
                .attribute("user.three", new byte[700])
                .add(new TarArchiveEntry("directory/")));

        assertThat(attribute("first", "user.one")).hasValue(new byte[] {1});
        assertThat(attribute("none", "user.one")).isEmpty();
        assertThat(attribute("x".repeat(120), "user.two")).hasValue(new byte[] {2});
        assertThat(attribute("directory", "user.three")).hasValue(new byte[700]);
    }

    @Test
    void takesADirectorysFromTheLastLayerThatDescribesIt() throws Throwable {
        requireAttributes();
        byte[] lower = new LayerArchive()
                .attribute("user.lower", VALUE)
                .add(new TarArchiveEntry("directory/"))
                .toByteArray();
        byte[] upper = new LayerArchive()
                .attribute("user.upper", VALUE)
                .add(new TarArchiveEntry("directory/"))
                .toByteArray();

        LayerArchive.unpack(List.of(lower, upper), UnpackLimits.defaults(), UnpackPolicy.defaults(), rootfs());

        assertThat(attribute("directory", "user.lower")).isEmpty();
        assertThat(attribute("directory", "user.upper")).hasValue(VALUE);
    }

    @Test
    void lendsCapabilitiesAsRoot() throws Throwable {
        requireAttributes();
        assumeTrue(Files.getAttribute(folder, "unix:uid").equals(0), "only root may lend capabilities");
        TarArchiveEntry file = new TarArchiveEntry("newuidmap");
        file.setMode(0555);
        file.setUserId(7);

        UnpackReport report =
                unpack(new LayerArchive().attribute(CAPABILITY, SETUID).add(file));

        assertThat(attribute("newuidmap", CAPABILITY)).hasValue(SETUID);
        assertThat(report.skippedAttributes()).isZero();
        assertThat(Files.getAttribute(rootfs().resolve("newuidmap"), "unix:uid"))
                .isEqualTo(7);
    }

    @Test
    void lendsNoCapabilityOfAFileThatStayedItsOwn() throws Throwable {
        UnpackBudget budget = new UnpackBudget(UnpackLimits.defaults());
        Path file = Files.createFile(Files.createDirectory(rootfs()).resolve("file"));

        ExtendedAttributes.of(Map.of("SCHILY.xattr." + CAPABILITY, SETUID), budget)
                .apply(file, false, budget);

        assertThat(budget.report().skippedAttributes()).isEqualTo(1);
        assertThat(attribute("file", CAPABILITY)).isEmpty();
    }

    @Test
    void setsAccessControlLists() throws Throwable {
        byte[] userOfThousandMayRead = HexFormat.of()
                .parseHex("02000000" + "01000600ffffffff" + "02000400e8030000" + "04000400ffffffff" + "10000400ffffffff"
                        + "20000000ffffffff");
        TarArchiveEntry file = new TarArchiveEntry("file");
        file.setMode(0640);

        UnpackReport report = unpack(new LayerArchive()
                .attribute("system.posix_acl_access", userOfThousandMayRead)
                .add(file));

        assumeTrue(report.skippedAttributes() == 0, "the file system has no access control lists");
        assertThat(attribute("file", "system.posix_acl_access")).hasValue(userOfThousandMayRead);
        assertThat((int) Files.getAttribute(rootfs().resolve("file"), "unix:mode") & 07777)
                .isEqualTo(0640);
    }

    /// libcap's setcap and getcap, and GNU tar between them and us.
    @Test
    void isSeenByOtherTools() throws Throwable {
        assumeTrue(Files.isExecutable(Path.of("/usr/sbin/setcap")), "no setcap here");
        assumeTrue(Files.getAttribute(folder, "unix:uid").equals(0), "only root may lend capabilities");
        Path source = Files.createDirectory(folder.resolve("source"));
        Files.createFile(source.resolve("file"));
        String capabilities = "cap_setgid,cap_setuid,cap_checkpoint_restore=ep";
        run("/usr/sbin/setcap", capabilities, source.resolve("file").toString());
        run(
                "tar",
                "--xattrs",
                "--xattrs-include=*",
                "-C",
                source.toString(),
                "-cf",
                folder.resolve("layer.tar").toString(),
                ".");

        LayerArchive.unpack(
                List.of(Files.readAllBytes(folder.resolve("layer.tar"))),
                UnpackLimits.defaults(),
                UnpackPolicy.defaults(),
                rootfs());

        assertThat(run("/usr/sbin/getcap", rootfs().resolve("file").toString())).contains(capabilities);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "trusted.overlay.opaque",
                "trusted.any",
                "security.selinux",
                "security.ima",
                "security.evm",
                "system.nfs4_acl",
                "user.overlay.whiteout",
                "user.overlay.redirect",
                "user.",
                "user",
                "",
                "../../user.x",
                "bad\uFFFDname",
                "SCHILY.xattr.user.x"
            })
    void leavesOutWhatIsNotTheImagesToSet(String name) throws Throwable {
        UnpackReport report = unpack(new LayerArchive().attribute(name, VALUE).add(new TarArchiveEntry("file")));

        assertThat(report.skippedAttributes()).isEqualTo(1);
        assertThat(attribute("file", name)).isEmpty();
        assertThat(rootfs().resolve("file")).isEmptyFile();
    }

    @Test
    void leavesOutNamesThatNoFileSystemTakes() throws Throwable {
        UnpackReport report = unpack(new LayerArchive()
                .attribute("user." + "n".repeat(251), VALUE)
                .attribute("user.a\0b", VALUE)
                .attribute("user.huge", new byte[70_000])
                .add(new TarArchiveEntry("file")));

        assertThat(report.skippedAttributes()).isEqualTo(3);
        assertThat(attribute("file", "user.a")).isEmpty();
    }

    @Test
    void setsNothingThroughALink() throws Throwable {
        TarArchiveEntry link = new TarArchiveEntry("link", TarConstants.LF_SYMLINK);
        link.setLinkName("file");

        UnpackReport report = unpack(new LayerArchive()
                .add(new TarArchiveEntry("file"))
                .attribute("user.x", VALUE)
                .attribute(CAPABILITY, SETUID)
                .add(link));

        assertThat(report.skippedAttributes()).isEqualTo(2);
        assertThat(attribute("file", "user.x")).isEmpty();
        assertThat(attribute("file", CAPABILITY)).isEmpty();
    }

    @Test
    void lendsNoCapabilityToADirectoryAndTakesNoneOfAGlobalHeader() throws Throwable {
        TarArchiveEntry global = new TarArchiveEntry("global", TarConstants.LF_PAX_GLOBAL_EXTENDED_HEADER);
        global.addPaxHeader("SCHILY.xattr.user.global", "1");

        UnpackReport report = unpack(new LayerArchive()
                .addGlobal(global)
                .add(new TarArchiveEntry("file"))
                .attribute(CAPABILITY, SETUID)
                .add(new TarArchiveEntry("directory/")));

        assertThat(report.skippedAttributes()).isEqualTo(1);
        assertThat(attribute("file", "user.global")).isEmpty();
        assertThat(attribute("directory", CAPABILITY)).isEmpty();
    }

    @Test
    void refusesMoreThanAnImageMayHave() throws IOException {
        UnpackLimits limits = new UnpackLimits(1 << 20, 100, 100, 100, 1000);
        byte[] layer = new LayerArchive()
                .attribute("user.x", new byte[480])
                .add(new TarArchiveEntry("a"))
                .attribute("trusted.x", new byte[480])
                .add(new TarArchiveEntry("b"))
                .toByteArray();

        assertThatThrownBy(() -> LayerArchive.unpack(List.of(layer), limits, UnpackPolicy.defaults(), rootfs()))
                .isInstanceOf(OciException.LimitExceeded.class)
                .hasMessageContaining("extended attributes");

        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void refusesAnAttributeThatFillsAHeader() throws IOException {
        byte[] layer = new LayerArchive()
                .attribute("user.x", new byte[1 << 20])
                .add(new TarArchiveEntry("a"))
                .toByteArray();

        assertThatThrownBy(() ->
                        LayerArchive.unpack(List.of(layer), UnpackLimits.defaults(), UnpackPolicy.defaults(), rootfs()))
                .isInstanceOf(OciException.LimitExceeded.class)
                .hasMessageContaining("header");

        assertThat(folder).isEmptyDirectory();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "99 SCHILY.xattr.user.x=1\n",
                "26 SCHILY.xattr.user.x=1\n",
                "9999999999 SCHILY.xattr.user.x=1\n",
                "-5 SCHILY.xattr.user.x=1\n"
            })
    void refusesRecordsThatAreNone(String records) throws IOException {
        byte[] layer = new LayerArchive()
                .extension(records.getBytes(StandardCharsets.US_ASCII))
                .add(new TarArchiveEntry("a"))
                .toByteArray();

        assertThatThrownBy(() ->
                        LayerArchive.unpack(List.of(layer), UnpackLimits.defaults(), UnpackPolicy.defaults(), rootfs()))
                .isInstanceOf(OciException.Malformed.class);

        assertThat(folder).isEmptyDirectory();
    }

    /// A file system that takes no such attributes, as /proc is one: the file is there, and one is counted.
    @Test
    void saysThatAFileSystemRefuses() {
        assertThat(FileSystemCalls.setAttribute(Path.of("/proc/self/status"), "user.x", VALUE))
                .isFalse();
        assertThat(FileSystemCalls.setAttribute(folder.resolve("absent"), "user.x", VALUE))
                .isFalse();
    }

    private UnpackReport unpack(LayerArchive layer) throws IOException {
        return LayerArchive.unpack(
                List.of(layer.toByteArray()), UnpackLimits.defaults(), UnpackPolicy.defaults(), rootfs());
    }

    private Path rootfs() {
        return folder.resolve("rootfs");
    }

    private void requireAttributes() throws IOException {
        Path trial = Files.createTempFile(folder, "trial", null);
        boolean works = FileSystemCalls.setAttribute(trial, "user.trial", VALUE);
        Files.delete(trial);
        assumeTrue(works, "the file system has no extended attributes");
    }

    private static String run(String... words) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(words).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(output).isZero();
        return output;
    }

    private Optional<byte[]> attribute(String file, String name) throws Throwable {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment buffer = arena.allocate(1 << 16);
            MemorySegment path = arena.allocateFrom(rootfs().resolve(file).toString());
            long length = (long) Get.FUNCTION.invokeExact(path, arena.allocateFrom(name), buffer, buffer.byteSize());
            return length < 0
                    ? Optional.empty()
                    : Optional.of(buffer.asSlice(0, length).toArray(ValueLayout.JAVA_BYTE));
        }
    }

    /// lgetxattr(2).
    private static final class Get {
        private static final MethodHandle FUNCTION = Linker.nativeLinker()
                .downcallHandle(
                        Linker.nativeLinker().defaultLookup().findOrThrow("lgetxattr"),
                        FunctionDescriptor.of(
                                ValueLayout.JAVA_LONG,
                                ValueLayout.ADDRESS,
                                ValueLayout.ADDRESS,
                                ValueLayout.ADDRESS,
                                ValueLayout.JAVA_LONG));
    }
}
