// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.host.machine.guest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Folders of guests: in memory, and gone with the process that made them.
class MemoryFoldersTest {
    private Path base = Path.of("");

    @BeforeEach
    void makeBase() throws IOException {
        base = Files.createTempDirectory(Path.of("/dev/shm"), "memory-folders-test");
    }

    @AfterEach
    void removeBase() {
        MemoryFolders.delete(base);
    }

    @Test
    void leavesNothingBehind() throws IOException {
        try (MemoryFolders folders = MemoryFolders.open(base)) {
            Path folder = folders.create("guest");
            Files.writeString(Files.createDirectory(folder.resolve("sub")).resolve("file"), "content");
            Files.createSymbolicLink(folder.resolve("link"), Path.of("/etc"));
        }

        assertThat(base).isEmptyDirectory();
        assertThat(Path.of("/etc/passwd")).exists();
    }

    @Test
    void removesWhatAKilledProcessLeft() throws IOException {
        Path left = Files.createDirectory(base.resolve("realmesh-guests-1-abandoned"));
        Files.writeString(left.resolve("lock"), "");
        Files.writeString(left.resolve("secret"), "left behind");

        MemoryFolders.open(base).close();

        assertThat(base).isEmptyDirectory();
    }

    @Test
    void leavesLivingProcessesAlone() throws IOException {
        try (MemoryFolders first = MemoryFolders.open(base)) {
            Path folder = first.create("guest");
            MemoryFolders.open(base).close();

            assertThat(folder).exists();
            try (Stream<Path> all = Files.list(base)) {
                assertThat(all).hasSize(1);
            }
        }
    }

    @Test
    void refusesADisk(@TempDir Path disk) throws IOException {
        if (!Files.getFileStore(disk).type().equals("tmpfs")) {
            assertThatThrownBy(() -> MemoryFolders.open(disk))
                    .isInstanceOf(GuestException.NoSandbox.class)
                    .hasMessageContaining("expected: a tmpfs");
        }
    }
}
