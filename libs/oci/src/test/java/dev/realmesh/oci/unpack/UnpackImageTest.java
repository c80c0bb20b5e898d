// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.oci.unpack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.realmesh.oci.BlobSource;
import dev.realmesh.oci.ImageConfig;
import dev.realmesh.oci.OciException;
import dev.realmesh.oci.crypt.KeySource;
import dev.realmesh.oci.crypt.LayerDecryption;
import java.io.FilterInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Recorded images, of real peers and of an independent implementation: whole, decrypted, or refused without a trace.
class UnpackImageTest {
    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "plain-gzip",
                "plain-zstd",
                "plain-tar",
                "plain-mixed",
                "jwe-gzip",
                "jwe-zstd",
                "jwe-tar",
                "jwe-ec",
                "jwe-lastonly",
                "pkcs7-gzip",
                "coco-gzip",
                "coco-tar",
                "coco-zstd"
            })
    void unpacksEveryRecordedForm(String name) throws IOException {
        Path rootfs = folder.resolve("rootfs");

        VectorImage.open(name).unpack(VectorImage.recordedKeys(), rootfs);

        assertThat(folder.toFile().list()).containsExactly("rootfs");
        assertThat(rootfs.resolve("opt/app/new.txt")).hasContent("new\n");
        assertThat(rootfs.resolve("opt/app/link")).doesNotExist();
        assertThat(rootfs.resolve("opt/app/old").toFile().list()).containsExactly("c");
        assertThat(Files.getAttribute(rootfs.resolve("opt/app/hard"), "unix:ino"))
                .isEqualTo(Files.getAttribute(rootfs.resolve("opt/app/secret.txt"), "unix:ino"));
        assertThat(rootfs.resolve("home/realm/ünïcode")).exists();
        assertThat(permissions(rootfs.resolve("opt/app/secret.txt"))).isEqualTo(0600);
        assertThat(permissions(rootfs.resolve("home/realm"))).isEqualTo(0700);
    }

    @Test
    void appliesOwnersAndSetIdBitsWhereItMay() throws IOException {
        Assumptions.assumeTrue(isRoot(), "only root may give files away");
        Path rootfs = folder.resolve("rootfs");

        UnpackReport report = VectorImage.open("plain-gzip").unpack(KeySource.of(List.of()), rootfs);

        assertThat(Files.readAttributes(rootfs.resolve("home/realm"), "unix:uid,gid"))
                .containsExactlyInAnyOrderEntriesOf(Map.of("uid", 1000, "gid", 1000));
        assertThat(permissions(rootfs.resolve("bin/suid"))).isEqualTo(04755);
        assertThat(report.foreignOwners()).isZero();
    }

    @ParameterizedTest
    @CsvSource({
        "bad-cipher, Unsupported|NoKeyFits",
        "bad-ciphertext, NotAuthentic",
        "bad-hmac, NotAuthentic",
        "no-hmac, Malformed",
        "no-pubopts, Malformed",
        "media-type-plain, Malformed",
        "size-lie, SizeMismatch"
    })
    void refusesTamperedImageWithoutATrace(String name, String refusals) throws IOException {
        VectorImage image = VectorImage.open(name);

        assertThatThrownBy(() -> image.unpack(VectorImage.recordedKeys(), folder.resolve("rootfs")))
                .isInstanceOfSatisfying(
                        OciException.class,
                        refusal -> assertThat(refusals.split("\\|"))
                                .contains(refusal.getClass().getSimpleName()));

        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void refusesEncryptedImageWithoutItsKey() throws IOException {
        VectorImage image = VectorImage.open("jwe-gzip");

        assertThatThrownBy(() ->
                        image.unpack(KeySource.of(List.of(VectorImage.recordedKey("rsa2"))), folder.resolve("rootfs")))
                .isInstanceOf(OciException.NoKeyFits.class);

        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void leavesNothingWhenTheSecondLayerFails() throws IOException {
        VectorImage image = VectorImage.open("plain-gzip");
        VectorImage swapped = new VectorImage(
                image.layout(),
                image.manifest(),
                new ImageConfig(
                        image.config().platform(),
                        List.of(
                                image.config().diffIds().getFirst(),
                                image.config().diffIds().getFirst()),
                        image.config().runDefaults()));

        assertThatThrownBy(() -> swapped.unpack(KeySource.of(List.of()), folder.resolve("rootfs")))
                .isInstanceOf(OciException.DigestMismatch.class)
                .hasMessageContaining("tar archive");

        assertThat(folder).isEmptyDirectory();
    }

    @Test
    @Timeout(60)
    void fetchesTheNextLayerWhileOneIsComing() throws IOException {
        VectorImage image = VectorImage.open("plain-gzip");
        CountDownLatch bothAsked = new CountDownLatch(image.manifest().layers().size());
        BlobSource together = blob -> new FilterInputStream(image.layout().open(blob)) {
            @Override
            public int read(byte[] buffer, int offset, int length) throws IOException {
                bothAsked.countDown();
                try {
                    bothAsked.await();
                } catch (InterruptedException e) {
                    throw new IOException(e);
                }
                return super.read(buffer, offset, length);
            }
        };

        UnpackReport report = new UnpackImage(
                        together, new LayerDecryption(KeySource.of(List.of())), UnpackLimits.defaults())
                .unpack(image.manifest(), image.config(), folder.resolve("rootfs"));

        assertThat(image.manifest().layers()).hasSizeGreaterThan(1);
        assertThat(report.entries()).isPositive();
    }

    @Test
    void refusesPlaceThatIsTaken() throws IOException {
        VectorImage image = VectorImage.open("plain-gzip");
        Path rootfs = Files.createDirectory(folder.resolve("rootfs"));

        assertThatThrownBy(() -> image.unpack(KeySource.of(List.of()), rootfs)).isInstanceOf(IOException.class);

        assertThat(rootfs).isEmptyDirectory();
    }

    private static int permissions(Path path) throws IOException {
        return (int) Files.getAttribute(path, "unix:mode", LinkOption.NOFOLLOW_LINKS) & 07777;
    }

    private boolean isRoot() throws IOException {
        return Files.getAttribute(folder, "unix:uid").equals(0);
    }
}
