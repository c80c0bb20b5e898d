// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.oci.unpack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.realmesh.testkit.SmallDisk;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// An image that does not fit leaves nothing of itself, and fits once there is room.
class UnpackToFullDiskTest {
    private static final long DISK_BYTES = 4 << 20;

    @TempDir
    Path folder;

    private SmallDisk disk;

    @BeforeEach
    void mount() throws IOException, InterruptedException {
        Optional<SmallDisk> mounted = SmallDisk.mount(folder.resolve("disk"), DISK_BYTES);
        assumeTrue(mounted.isPresent(), "not root: nothing can be mounted");
        disk = mounted.get();
    }

    @AfterEach
    void unmount() {
        if (disk != null) {
            disk.close();
        }
    }

    @Test
    void saysThatThereIsNoRoomForAFile() throws IOException {
        byte[] layer = new LayerArchive()
                .add(file("a", 1 << 20))
                .add(file("b", 1 << 20))
                .toByteArray();
        disk.fillBut(3 << 19);

        assertNoRoom(layer);

        disk.empty();
        assertThat(unpack(layer).fileBytes()).isEqualTo(2 << 20);
        assertThat(disk.folder().resolve("rootfs/b")).hasSize(1 << 20);
    }

    @Test
    void saysThatThereIsNoRoomForAFolder() throws IOException {
        byte[] layer = new LayerArchive()
                .add(new TarArchiveEntry("a/"))
                .add(new TarArchiveEntry("a/b/"))
                .toByteArray();
        disk.fillFiles(2);

        assertNoRoom(layer);

        disk.empty();
        assertThat(unpack(layer).entries()).isEqualTo(2);
    }

    private void assertNoRoom(byte[] layer) {
        assertThatThrownBy(() -> unpack(layer))
                .isInstanceOfSatisfying(
                        NoRoomException.class,
                        full -> assertThat(full.fileSystemBytes()).isEqualTo(DISK_BYTES));
        assertThat(disk.folder().toFile().list()).noneMatch(name -> name.contains("rootfs"));
    }

    private UnpackReport unpack(byte[] layer) throws IOException {
        return LayerArchive.unpack(
                List.of(layer),
                UnpackLimits.defaults(),
                UnpackPolicy.defaults(),
                disk.folder().resolve("rootfs"));
    }

    private static TarArchiveEntry file(String name, int size) {
        TarArchiveEntry entry = new TarArchiveEntry(name);
        entry.setSize(size);
        return entry;
    }
}
