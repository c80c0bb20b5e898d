// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.host.machine.guest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
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
        base = Files.createTempDirectory(Path.of("/dev/shm"), "folders");
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
    void refusesAPathThatIsTooLongForTheSocketsInIt() throws IOException {
        Path longest = Files.createDirectory(
                Path.of(base + "x".repeat(41 - base.toString().length())));
        Path tooLong = Files.createDirectory(Path.of(longest + "x"));
        try {
            assertThatThrownBy(() -> MemoryFolders.open(tooLong))
                    .isInstanceOf(GuestException.NoSandbox.class)
                    .hasMessageEndingWith(
                            tooLong + ": a path of 42 bytes (expected: at most 41, for sockets are in it)");
            try (MemoryFolders folders = MemoryFolders.open(longest)) {
                Path socket = folders.create("realm-abcdefgh").resolve("link.sock");
                ServerSocketChannel.open(StandardProtocolFamily.UNIX)
                        .bind(UnixDomainSocketAddress.of(socket))
                        .close();
            }
        } finally {
            MemoryFolders.delete(longest);
            MemoryFolders.delete(tooLong);
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
