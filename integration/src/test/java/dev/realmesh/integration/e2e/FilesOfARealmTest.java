// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.integration.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// What an image's layers say of a file beside its content is so in a container's root, on the Realm's own file system.
@Timeout(120)
class FilesOfARealmTest {
    /// linux/capability.h, revision 2: effective, permitted `cap_net_raw`.
    private static final byte[] NET_RAW = HexFormat.of().parseHex("0100000200200000000000000000000000000000");

    @TempDir
    private static Path folder;

    private static MeshFixture<RunningMesh> mesh;

    @BeforeAll
    static void start() throws Exception {
        mesh = MeshFixture.start(folder, MeshFixture.guestImage(), RunningMesh::embedded);
        SampleWithLayer.write(folder.resolve("plain"), layer(), folder.resolve("special"));
        mesh.encrypt("oci:" + folder.resolve("special"), MeshFixture.KEY_PATH, MeshFixture.KEY, "special:1");
    }

    @AfterAll
    static void stop() {
        mesh.close();
    }

    @Test
    void fifoIsOne() {
        assertThat(mesh.realmesh(
                        "run",
                        "special:1",
                        "--",
                        "sh",
                        "-c",
                        "test -p /tmp/fifo && { echo through >/tmp/fifo & cat /tmp/fifo; }"))
                .isEqualTo(new Outcome(0, "through\n", ""));
    }

    @Test
    void attributesAndCapabilitiesAreOnTheRealmsFiles() {
        new Program("getcap", folder).assumeInstalled();
        List<String> seen = new ArrayList<>();
        mesh.realmesh(
                        new Trigger("started", () -> seen.addAll(attributes())),
                        "run",
                        "special:1",
                        "--",
                        "sh",
                        "-c",
                        "echo started; sleep 1")
                .succeeded();

        assertThat(seen).containsExactly("user.note=of the image", "/bin/ping cap_net_raw=ep");
    }

    @Test
    void whatIsNotAsInTheImageIsSaid() {
        Outcome run = mesh.realmesh("run", "--progress", "special:1", "--", "sh", "-c", "test ! -e /dev/sda");

        assertThat(run.exitCode()).isZero();
        assertThat(run.err()).contains("not as in the image: 1 devices or FIFOs, 1 extended attributes");
    }

    private static byte[] layer() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (TarArchiveOutputStream tar = new TarArchiveOutputStream(bytes)) {
            put(tar, new TarArchiveEntry("tmp/fifo", TarConstants.LF_FIFO), Map.of());
            put(tar, new TarArchiveEntry("dev/sda", TarConstants.LF_BLK), Map.of());
            put(tar, new TarArchiveEntry("etc/noted"), Map.of("user.note", "of the image", "trusted.x", "y"));
            String capability = new String(NET_RAW, StandardCharsets.UTF_8);
            put(tar, new TarArchiveEntry("bin/ping"), Map.of("security.capability", capability));
        }
        return bytes.toByteArray();
    }

    private static void put(TarArchiveOutputStream tar, TarArchiveEntry entry, Map<String, String> attributes)
            throws IOException {
        attributes.forEach((name, value) -> entry.addPaxHeader("SCHILY.xattr." + name, value));
        entry.setIds(0, 0);
        tar.putArchiveEntry(entry);
        tar.closeArchiveEntry();
    }

    private static List<String> attributes() {
        try {
            Path root = GuestFiles.containers().getFirst().resolve("rootfs");
            Object note = Files.getAttribute(root.resolve("etc/noted"), "user:note");
            String capability =
                    new Program("getcap", folder).call(root.resolve("bin/ping").toString());
            return List.of(
                    "user.note=" + new String((byte[]) note, StandardCharsets.UTF_8),
                    capability.replace(root.toString(), "").strip());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
