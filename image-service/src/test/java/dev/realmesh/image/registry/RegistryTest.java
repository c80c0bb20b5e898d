// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.image.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.realmesh.oci.OciDigest;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The registry's folder across ends, broken pushes and time.
class RegistryTest {
    private static final byte[] BLOB = {1, 2, 3};
    private static final OciDigest DIGEST = OciDigest.of(BLOB);

    @TempDir
    Path folder;

    private final AtomicReference<Instant> now = new AtomicReference<>(Instant.EPOCH);

    @Test
    void keepsBlobsAcrossStarts() throws IOException {
        try (Registry registry = open()) {
            registry.uploads().take("x", DIGEST, new ByteArrayInputStream(BLOB));
        }

        try (Registry registry = open()) {
            assertThat(registry.blobs().find(DIGEST))
                    .hasValueSatisfying(file -> assertThat(file).hasBinaryContent(BLOB));
        }
    }

    @Test
    void forgetsWhatWasUnderWayWhenItEnded() throws IOException {
        try (Registry registry = open()) {
            String upload = registry.uploads().begin("x");
            registry.uploads().append("x", upload, 0, new ByteArrayInputStream(BLOB));
            assertThat(folder.resolve("pending")).isNotEmptyDirectory();
        }

        try (Registry registry = open()) {
            assertThat(registry.blobs().find(DIGEST)).isEmpty();
            assertThat(folder.resolve("pending")).isEmptyDirectory();
        }
    }

    @Test
    void keepsNothingOfSourceThatBreaksOff() throws IOException {
        try (Registry registry = open()) {
            InputStream broken = new SequenceInputStream(new ByteArrayInputStream(BLOB), new InputStream() {
                @Override
                public int read() throws IOException {
                    throw new IOException("gone");
                }
            });

            assertThatThrownBy(() -> registry.uploads().take("x", DIGEST, broken))
                    .isInstanceOf(IOException.class);

            assertThat(registry.blobs().find(DIGEST)).isEmpty();
            assertThat(folder.resolve("pending")).isEmptyDirectory();
        }
    }

    @Test
    void continuesAfterChunkThatBrokeOff() throws IOException {
        try (Registry registry = open()) {
            Uploads uploads = registry.uploads();
            String upload = uploads.begin("x");
            uploads.append("x", upload, 0, new ByteArrayInputStream(BLOB, 0, 1));
            assertThat(uploads.offset("x", upload)).isEqualTo(1);

            uploads.append("x", upload, 1, new ByteArrayInputStream(BLOB, 1, 2));
            uploads.commit("x", upload, DIGEST);

            assertThat(registry.blobs().find(DIGEST)).isPresent();
        }
    }

    @Test
    void takesSha512Too() throws IOException {
        OciDigest digest = OciDigest.of(
                OciDigest.Algorithm.SHA512, OciDigest.Algorithm.SHA512.newHash().digest(BLOB));
        try (Registry registry = open()) {
            registry.uploads().take("x", digest, new ByteArrayInputStream(BLOB));

            assertThat(registry.blobs().find(digest)).isPresent();
        }
    }

    @Test
    void makesRoomWhenUploadsAreForgotten() throws IOException {
        try (Registry registry = open()) {
            String forgotten = registry.uploads().begin("x");
            registry.uploads().begin("x");
            assertThatThrownBy(() -> registry.uploads().begin("x")).isInstanceOf(RegistryException.LimitExceeded.class);

            now.set(Instant.EPOCH.plus(Duration.ofHours(2)));
            registry.uploads().begin("x");

            assertThatThrownBy(() -> registry.uploads().offset("x", forgotten))
                    .isInstanceOf(RegistryException.UploadUnknown.class);
        }
    }

    @Test
    void refusesUploadOfAnotherRepository() throws IOException {
        try (Registry registry = open()) {
            String upload = registry.uploads().begin("x");

            assertThatThrownBy(() -> registry.uploads().commit("y", upload, DIGEST))
                    .isInstanceOf(RegistryException.UploadUnknown.class);

            assertThat(registry.uploads().offset("x", upload)).isZero();
        }
    }

    @Test
    void refusesNamesThatAreNone() throws IOException {
        try (Registry registry = open()) {
            for (String name : new String[] {"..", "../x", "x/../y", "_tags", "x/_manifests", "", "/x", "X", "x\0y"}) {
                assertThatThrownBy(() -> registry.uploads().begin(name))
                        .isInstanceOf(RegistryException.NameInvalid.class);
                assertThatThrownBy(() -> registry.tags(name, "", 10)).isInstanceOf(RegistryException.NameInvalid.class);
            }
            try (Stream<Path> left = Files.list(folder.resolve("repositories"))) {
                assertThat(left).isEmpty();
            }
        }
    }

    @Test
    void refusesFolderThatIsInUse() throws IOException {
        try (Registry registry = open()) {
            assertThat(registry.blobs().find(DIGEST)).isEmpty();

            assertThatThrownBy(this::open).isInstanceOf(IOException.class).hasMessageContaining("registry");
        }
    }

    private Registry open() throws IOException {
        return Registry.open(folder, new RegistryLimits(1 << 20, 2, 1 << 20), now::get);
    }
}
