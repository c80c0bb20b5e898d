// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.cli.mesh;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HomeTest {
    private static final String IMAGE = "deploy/guest-image/target/guest/manifest.json";
    private static final Instant BUILT = Instant.parse("2026-11-01T12:00:00Z");

    @TempDir
    private Path folder;

    @BeforeEach
    void build() throws IOException {
        write("realm-node/target/realm-node.jar", BUILT.minusSeconds(2));
        write("realm-node/target/lib/mesh.jar", BUILT.minusSeconds(3));
        write("deploy/guest-image/target/guest-image.jar", BUILT.minusSeconds(1));
        write(IMAGE, BUILT);
    }

    @Test
    void keepsTheGuestImageOfThisBuild() throws IOException {
        assertThat(new Home(folder).guestImageIsStale()).isFalse();
    }

    @Test
    void buildsTheGuestImageIfThereIsNone() throws IOException {
        Files.delete(folder.resolve(IMAGE));
        assertThat(new Home(folder).guestImageIsStale()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "realm-node/target/realm-node.jar",
                "realm-node/target/lib/mesh.jar",
                "deploy/guest-image/target/guest-image.jar"
            })
    void buildsTheGuestImageAgainIfAPartOfItIsNewer(String part) throws IOException {
        write(part, BUILT.plusSeconds(1));
        assertThat(new Home(folder).guestImageIsStale()).isTrue();
    }

    private void write(String name, Instant time) throws IOException {
        Path file = folder.resolve(name);
        Files.createDirectories(file.getParent());
        Files.write(file, new byte[0]);
        Files.setLastModifiedTime(file, FileTime.from(time));
    }
}
