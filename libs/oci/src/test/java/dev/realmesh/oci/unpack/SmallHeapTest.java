// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.oci.unpack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.luben.zstd.ZstdOutputStream;
import dev.realmesh.oci.OciException;
import dev.realmesh.testkit.Vectors;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Layers that are made to exhaust a Realm, unpacked by a process with 64 MiB of heap (a guest has four times that):
/// each
/// ends in its reason and leaves nothing behind.
@Timeout(120)
class SmallHeapTest {
    private static final int ZEROS = 64 << 20;
    private static final int TIMES = 64;

    @TempDir
    Path folder;

    private Path bundle;

    @BeforeEach
    void makeBundle() throws IOException {
        bundle = Files.createDirectory(folder.resolve("bundle"));
    }

    static Stream<String> vectors() throws IOException {
        try (Stream<Path> files = Files.list(Vectors.path("coco/hostile-layers"))) {
            return files
                    .map(file -> file.getFileName().toString())
                    .filter(name -> name.contains(".tar"))
                    .sorted()
                    .toList()
                    .stream();
        }
    }

    @ParameterizedTest
    @MethodSource("vectors")
    void recordedLayersEnd(String name) throws Exception {
        assertThat(unpack(List.of(Vectors.path("coco/hostile-layers/" + name))))
                .containsAnyOf("UnpackReport", "HostileLayer", "LimitExceeded");
    }

    @Test
    void gibibytesOfZerosInGzipAreRefused() throws Exception {
        assertRefused(zeros("zeros.tar.gz", GZIPOutputStream::new), "LimitExceeded: expansion of the layer, to 1");
    }

    @Test
    void gibibytesOfZerosInZstdAreRefused() throws Exception {
        assertRefused(zeros("zeros.tar.zst", ZstdOutputStream::new), "LimitExceeded: expansion of the layer, to 1");
    }

    /// A window of 2 GiB, which the decoder would have to keep.
    @Test
    void zstdWithAHugeWindowIsRefused() throws Exception {
        byte[] frame = {0x28, (byte) 0xb5, 0x2f, (byte) 0xfd, 0, (byte) ((31 - 10) << 3), 1, 0, 0};
        assertRefused(Files.write(folder.resolve("window.tar.zst"), frame), "Malformed: layer: cannot be decompressed");
    }

    @Test
    void holesOfASparseFileAreRefused() throws Exception {
        assertRefused(
                Files.write(folder.resolve("sparse.tar"), sparse(7L << 30)),
                "LimitExceeded: bytes of sparse files' holes");
    }

    /// That many entries take minutes to make; what counts them takes none.
    @Test
    void namesAreRefusedBeforeTheyFillTheHeap() {
        UnpackBudget budget = new UnpackBudget(UnpackLimits.defaults());
        Path name = Path.of("d".repeat(200));
        long most = Runtime.getRuntime().maxMemory() / 2 / budget.holdName(name);

        assertThatThrownBy(() -> {
                    for (long i = 0; i < most; i++) {
                        budget.holdName(name);
                    }
                })
                .isInstanceOf(OciException.LimitExceeded.class)
                .hasMessageContaining("bytes of names");
    }

    @Test
    void manyGlobalHeadersAreRefused() throws Exception {
        LayerArchive archive = new LayerArchive();
        for (int i = 0; i < 40; i++) {
            TarArchiveEntry global = new TarArchiveEntry("g", TarConstants.LF_PAX_GLOBAL_EXTENDED_HEADER);
            for (int record = 0; record < 40_000; record++) {
                global.addPaxHeader("k" + i + "." + record, "v");
            }
            archive.addGlobal(global).add(new TarArchiveEntry("file" + i));
        }
        Path layer = Files.write(folder.resolve("global.tar"), archive.toByteArray());
        assertRefused(layer, "LimitExceeded: bytes of global tar headers");
    }

    @Test
    void nestedHeadersAreRefused() throws Exception {
        LayerArchive archive = new LayerArchive();
        for (int i = 0; i < 2000; i++) {
            archive.extension(LayerArchive.record("comment", new byte[400]));
        }
        Path layer = Files.write(
                folder.resolve("nested.tar"),
                archive.add(new TarArchiveEntry("x")).toByteArray());
        assertRefused(layer, "LimitExceeded: bytes of a tar header");
    }

    @Test
    void enormousNamesAreRefused() throws Exception {
        byte[] name = "n".repeat(900_000).getBytes(StandardCharsets.US_ASCII);
        TarArchiveEntry longName = new TarArchiveEntry("././@LongLink", TarConstants.LF_GNUTYPE_LONGNAME);
        longName.setSize(name.length);
        byte[] archive = new LayerArchive()
                .add(longName, name)
                .add(new TarArchiveEntry("x"))
                .toByteArray();
        assertRefused(Files.write(folder.resolve("name.tar"), archive), "LimitExceeded: bytes of an entry's name");
    }

    @Test
    void thousandLayersAreUnpacked() throws Exception {
        byte[] archive = new LayerArchive().add(new TarArchiveEntry("file")).toByteArray();
        Path layer = Files.write(folder.resolve("layer.tar"), archive);

        assertThat(unpack(Collections.nCopies(1000, layer))).startsWith("UnpackReport[entries=1000,");
    }

    private void assertRefused(Path layer, String reason) throws Exception {
        assertThat(unpack(List.of(layer))).startsWith(reason);
        assertThat(bundle).isEmptyDirectory();
    }

    /// @return what the process said of it
    private String unpack(List<Path> layers) throws IOException, InterruptedException {
        List<String> words = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin/java").toString(),
                "-Xmx64m",
                "-XX:+UseSerialGC",
                "-XX:+ExitOnOutOfMemoryError",
                "-XX:TieredStopAtLevel=1",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                UnpackMain.class.getName(),
                bundle.resolve("rootfs").toString()));
        layers.forEach(layer -> words.add(layer.toAbsolutePath().toString()));
        Path output = folder.resolve("output");
        Process process = new ProcessBuilder(words)
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        boolean ended = process.waitFor(60, TimeUnit.SECONDS);
        process.destroyForcibly().waitFor();
        assertThat(ended).as("ended: " + Files.readString(output)).isTrue();
        assertThat(process.exitValue()).as(Files.readString(output)).isZero();
        return Files.readString(output);
    }

    private static byte[] sparse(long bytes) {
        byte[] header = new byte[512];
        field(header, 0, "sparse");
        field(header, 100, "0000644");
        field(header, 108, "0000000");
        field(header, 116, "0000000");
        field(header, 124, "00000000000");
        field(header, 136, "00000000000");
        field(header, 148, "        ");
        field(header, 156, "S");
        field(header, 257, "ustar  ");
        field(header, 386, "%011o".formatted(bytes));
        field(header, 398, "00000000000");
        field(header, 483, "%011o".formatted(bytes));
        int sum = 0;
        for (byte each : header) {
            sum += each & 0xff;
        }
        field(header, 148, "%06o\0 ".formatted(sum));
        ByteArrayOutputStream archive = new ByteArrayOutputStream();
        archive.writeBytes(header);
        archive.writeBytes(new byte[1024]);
        return archive.toByteArray();
    }

    private static void field(byte[] header, int offset, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
        System.arraycopy(bytes, 0, header, offset, bytes.length);
    }

    private interface Compressor {
        OutputStream over(OutputStream out) throws IOException;
    }

    /// A file of 4 GiB of zeros, compressed piece by piece.
    private Path zeros(String name, Compressor compressor) throws IOException {
        ByteArrayOutputStream header = new ByteArrayOutputStream();
        TarArchiveEntry entry = new TarArchiveEntry("zeros");
        entry.setSize((long) ZEROS * TIMES);
        try (TarArchiveOutputStream tar = new TarArchiveOutputStream(header)) {
            tar.putArchiveEntry(entry);
        } catch (IOException unfinished) {
            // The content follows below.
        }
        byte[] zeros = compressed(compressor, new byte[ZEROS]);
        Path layer = folder.resolve(name);
        try (OutputStream out = Files.newOutputStream(layer)) {
            out.write(compressed(compressor, header.toByteArray()));
            for (int i = 0; i < TIMES; i++) {
                out.write(zeros);
            }
        }
        return layer;
    }

    private static byte[] compressed(Compressor compressor, byte[] content) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (OutputStream out = compressor.over(bytes)) {
            out.write(content);
        }
        return bytes.toByteArray();
    }
}
