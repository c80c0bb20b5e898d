// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.image.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.realmesh.oci.OciDigest;
import dev.realmesh.oci.Reference;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Copies of other registries' blobs: whose they are, how many are kept, and what becomes of damaged ones.
class PulledBlobsTest {
    private static final Reference IMAGE = Reference.parse("quay.io/team/app:v1");

    @TempDir
    Path folder;

    private final AtomicReference<Instant> now = new AtomicReference<>(Instant.parse("2026-01-01T00:00:00Z"));
    private PulledBlobs pulled;

    @BeforeEach
    void open() throws IOException {
        pulled = PulledBlobs.open(folder, new RegistryLimits(1000, 1, 100), now::get);
    }

    @Test
    void belongToTheRepositoriesThatGaveThem() throws IOException {
        byte[] blob = take(1, 10);

        assertThat(read(IMAGE, blob)).contains(blob);
        assertThat(read(Reference.parse("quay.io/team/app:v2"), blob)).contains(blob);
        assertThat(read(Reference.parse("quay.io/team/other:v1"), blob)).isEmpty();
        assertThat(read(Reference.parse("ghcr.io/team/app:v1"), blob)).isEmpty();
        assertThat(read(Reference.parse("team/app:v1"), blob)).isEmpty();
    }

    @Test
    void stayAcrossStarts() throws IOException {
        byte[] blob = take(1, 10);

        open();

        assertThat(read(IMAGE, blob)).contains(blob);
        assertThat(pulled.bytes()).isEqualTo(10);
    }

    @Test
    void thoseNotUsedForLongestMakeRoom() throws IOException {
        byte[] first = take(1, 40);
        byte[] second = take(2, 40);
        assertThat(read(IMAGE, first)).isPresent();
        open();

        byte[] third = take(3, 40);

        assertThat(read(IMAGE, first)).contains(first);
        assertThat(read(IMAGE, second)).isEmpty();
        assertThat(read(IMAGE, third)).contains(third);
        assertThat(pulled.bytes()).isEqualTo(80);
        try (Stream<Path> givers = Files.walk(folder.resolve("givers"))) {
            assertThat(givers.filter(Files::isRegularFile)).hasSize(2);
        }
    }

    @Test
    void oneThatIsBeingReadIsReadToItsEnd() throws IOException {
        byte[] first = take(1, 90);
        try (FileChannel reading = pulled.open(IMAGE, OciDigest.of(first)).orElseThrow()) {
            take(2, 90);

            assertThat(read(IMAGE, first)).isEmpty();
            assertThat(Channels.newInputStream(reading).readAllBytes()).isEqualTo(first);
        }
    }

    @Test
    void oneThatIsLargerThanAllRoomStaysUntilTheNext() throws IOException {
        byte[] large = take(1, 500);
        assertThat(read(IMAGE, large)).contains(large);

        byte[] next = take(2, 10);

        assertThat(read(IMAGE, large)).isEmpty();
        assertThat(read(IMAGE, next)).contains(next);
    }

    @Test
    void refusesOneThatIsTooLargeOrAnotherAndKeepsNothing() throws IOException {
        byte[] tooLarge = blob(1, 1001);
        assertThatThrownBy(() -> pulled.take(IMAGE, OciDigest.of(tooLarge), new ByteArrayInputStream(tooLarge)))
                .isInstanceOf(RegistryException.LimitExceeded.class);
        assertThatThrownBy(() -> pulled.take(IMAGE, OciDigest.of(tooLarge), new ByteArrayInputStream(blob(2, 10))))
                .isInstanceOf(RegistryException.DigestInvalid.class);

        assertThat(pulled.bytes()).isZero();
        assertThat(folder.resolve("pending")).isEmptyDirectory();
    }

    @Test
    void damagedOneIsRemovedAndCounted() throws IOException {
        byte[] blob = take(1, 10);
        open();
        damage(blob);

        assertThat(read(IMAGE, blob)).isEmpty();

        assertThat(pulled.damaged()).isEqualTo(1);
        assertThat(pulled.bytes()).isZero();
        pulled.take(IMAGE, OciDigest.of(blob), new ByteArrayInputStream(blob));
        assertThat(read(IMAGE, blob)).contains(blob);
    }

    @Test
    void isLookedAtAgainAfterAnHour() throws IOException {
        byte[] blob = take(1, 10);
        damage(blob);

        now.set(now.get().plus(Duration.ofHours(1)));
        assertThat(read(IMAGE, blob)).isEmpty();
        assertThat(pulled.damaged()).isEqualTo(1);
    }

    @Test
    void shortenedOneIsSeenAtOnce() throws IOException {
        byte[] blob = take(1, 10);
        try (FileChannel file = FileChannel.open(file(blob), StandardOpenOption.WRITE)) {
            file.truncate(9);
        }

        assertThat(read(IMAGE, blob)).isEmpty();
        assertThat(pulled.damaged()).isEqualTo(1);
    }

    private byte[] take(int seed, int size) throws IOException {
        byte[] blob = blob(seed, size);
        now.set(now.get().plusSeconds(1));
        pulled.take(IMAGE, OciDigest.of(blob), new ByteArrayInputStream(blob));
        return blob;
    }

    private Optional<byte[]> read(Reference image, byte[] blob) throws IOException {
        now.set(now.get().plusSeconds(1));
        Optional<FileChannel> opened = pulled.open(image, OciDigest.of(blob));
        if (opened.isEmpty()) {
            return Optional.empty();
        }
        try (InputStream content = Channels.newInputStream(opened.get())) {
            return Optional.of(content.readAllBytes());
        }
    }

    private void damage(byte[] blob) throws IOException {
        byte[] damaged = blob.clone();
        damaged[0]++;
        Files.write(file(blob), damaged);
    }

    private Path file(byte[] blob) {
        return folder.resolve("blobs/sha256").resolve(OciDigest.of(blob).hex());
    }

    private static byte[] blob(int seed, int size) {
        byte[] blob = new byte[size];
        new java.util.Random(seed).nextBytes(blob);
        return blob;
    }
}
