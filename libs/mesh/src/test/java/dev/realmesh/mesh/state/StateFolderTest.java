// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.mesh.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Files that only the service may read.
class StateFolderTest {
    @TempDir
    Path parent;

    private StateFolder folder;

    @BeforeEach
    void open() {
        folder = StateFolder.open(parent.resolve("a/b"));
    }

    @Test
    void secretIsMadeOnceAndOwnedAlone() throws Exception {
        assertThat(folder.secret("s", () -> new byte[] {1, 2, 3})).containsExactly(1, 2, 3);
        assertThat(folder.secret("s", () -> new byte[] {4, 5, 6})).containsExactly(1, 2, 3);
        assertThat(mode("s")).isEqualTo("rw-------");
    }

    @ParameterizedTest
    @ValueSource(strings = {"rw-r-----", "rw----r--", "rw--w----", "rwx------"})
    void secretThatOthersMayTouchIsRefused(String mode) throws Exception {
        folder.secret("s", () -> new byte[] {1});
        Files.setPosixFilePermissions(folder.file("s"), PosixFilePermissions.fromString(mode));

        assertThatThrownBy(() -> folder.secret("s", () -> new byte[] {2}))
                .isInstanceOf(StateException.Exposed.class)
                .hasMessageContaining(mode);
        assertThatThrownBy(() -> folder.ownFile("s")).isInstanceOf(StateException.Exposed.class);
        assertThat(Files.readAllBytes(folder.file("s"))).containsExactly(1);
    }

    @Test
    void instancesThatStartAtOnceAgreeOnOneSecret() throws Exception {
        List<Byte> seen = new ArrayList<>();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Byte>> running = new ArrayList<>();
            for (byte i = 0; i < 50; i++) {
                byte mine = i;
                running.add(threads.submit(() -> folder.secret("s", () -> new byte[] {mine})[0]));
            }
            for (Future<Byte> one : running) {
                seen.add(one.get());
            }
        }

        assertThat(seen).hasSize(50).containsOnly(seen.getFirst());
        try (Stream<Path> files = Files.list(folder.file("."))) {
            assertThat(files).hasSize(1);
        }
    }

    @Test
    void damagedTokenStopsTheStart() throws Exception {
        AdminToken.in(folder, "t");
        Files.writeString(folder.file("t"), "short");

        assertThatThrownBy(() -> AdminToken.in(folder, "t")).isInstanceOf(StateException.Damaged.class);
    }

    @Test
    void tokenIsAcceptedWhateverTheCaseOfTheScheme() throws Exception {
        AdminToken token = AdminToken.in(folder, "t");
        String text = Files.readString(folder.file("t"));

        assertThat(token.isIn("Bearer " + text)).isTrue();
        assertThat(token.isIn("bearer " + text)).isTrue();
        assertThat(token.isIn(text)).isFalse();
        assertThat(token.isIn("Bearer " + text.substring(1))).isFalse();
    }

    @Test
    void publishedFileReplacesTheOlderOne() throws Exception {
        folder.publish("p", new byte[] {1});
        folder.publish("p", new byte[] {2});

        assertThat(Files.readAllBytes(folder.file("p"))).containsExactly(2);
    }

    @Test
    void folderThatIsAFileIsRefused() throws Exception {
        Path file = Files.createFile(parent.resolve("file"));

        assertThatThrownBy(() -> StateFolder.open(file)).isInstanceOf(StateException.Unusable.class);
    }

    private String mode(String name) throws Exception {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(folder.file(name)));
    }
}
