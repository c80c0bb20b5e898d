// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.integration.e2e;

import static dev.realmesh.integration.e2e.MeshFixture.GREETING;
import static dev.realmesh.integration.e2e.MeshFixture.IMAGE;
import static dev.realmesh.integration.e2e.MeshFixture.KEY;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// What someone finds who has the machine's DRAM in hand while a container runs in a Realm.
@Timeout(180)
class MemoryDumpTest {
    private static final List<String> OF_THE_GUEST = List.of(
            GREETING,
            new String(KEY, StandardCharsets.ISO_8859_1),
            "dev/realmesh/realm",
            "TRAILER!!!",
            "console=ttyAMA0",
            "linux,initrd-start");

    @TempDir
    private Path folder;

    @Test
    void dumpDuringARunHasNothingOfTheGuest() throws Exception {
        Path guestImage = MeshFixture.guestImage();
        try (MeshFixture<MeshOfParts> mesh = MeshFixture.start(folder, guestImage, MeshOfParts::new)) {
            Search search = new Search(OF_THE_GUEST);
            Outcome run = mesh.realmesh(
                    new Trigger("started", () -> dump(mesh.mesh, search)),
                    "run",
                    IMAGE,
                    "--",
                    "sh",
                    "-c",
                    "cat /etc/greeting; echo started; sleep 2");

            assertThat(run.out()).contains(GREETING);
            assertThat(search.bytes).as("bytes of the dump").isGreaterThan(Files.size(guestImage.resolve("initrd")));
            assertThat(search.found).isEmpty();
        }
    }

    /// The same search finds what is there.
    @Test
    void searchFindsTheGuestInItsFiles() throws Exception {
        Path guestImage = MeshFixture.guestImage();
        Search search = new Search(OF_THE_GUEST);
        try (OutputStream file = search) {
            Files.copy(guestImage.resolve("initrd"), file);
            new ByteArrayInputStream(KEY).transferTo(file);
        }
        assertThat(search.found).contains("dev/realmesh/realm", "TRAILER!!!", OF_THE_GUEST.get(1));
    }

    private static void dump(MeshOfParts mesh, OutputStream into) {
        try {
            mesh.host.platform().dump(into);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Which of some texts are in a stream, wherever its pieces end.
    private static final class Search extends OutputStream {
        private final List<String> wanted;
        private final int overlap;
        private final Set<String> found = new TreeSet<>();
        private String last = "";
        private long bytes;

        private Search(List<String> wanted) {
            this.wanted = wanted;
            this.overlap = wanted.stream().mapToInt(String::length).max().orElse(1) - 1;
        }

        @Override
        public void write(int b) {
            write(new byte[] {(byte) b}, 0, 1);
        }

        @Override
        public void write(byte[] piece, int offset, int length) {
            bytes += length;
            String text = last + new String(piece, offset, length, StandardCharsets.ISO_8859_1);
            wanted.stream().filter(text::contains).forEach(found::add);
            last = text.substring(Math.max(0, text.length() - overlap));
        }
    }
}
