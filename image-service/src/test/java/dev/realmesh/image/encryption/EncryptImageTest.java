// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.image.encryption;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.realmesh.image.Skopeo;
import dev.realmesh.oci.Descriptor;
import dev.realmesh.oci.ImageConfig;
import dev.realmesh.oci.Manifest;
import dev.realmesh.oci.OciException;
import dev.realmesh.oci.Platform;
import dev.realmesh.oci.crypt.KeySource;
import dev.realmesh.oci.crypt.LayerDecryption;
import dev.realmesh.oci.crypt.PemKeys;
import dev.realmesh.oci.crypt.Recipient;
import dev.realmesh.oci.layout.OciLayout;
import dev.realmesh.oci.layout.OciLayoutWriter;
import dev.realmesh.oci.unpack.UnpackImage;
import dev.realmesh.oci.unpack.UnpackLimits;
import dev.realmesh.testkit.Vectors;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import javax.crypto.SecretKey;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Whole images, encrypted here and opened here or by skopeo, and the other way.
class EncryptImageTest {
    private static final String KID = "kbs:///default/image-kek/1";
    private static final SecretKey KEK = new SecretKeySpec(new byte[32], "AES");

    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"plain-gzip", "plain-zstd", "plain-tar", "plain-mixed"})
    void opensWhatItEncrypted(String name) throws IOException {
        encrypt(name, List.of(new Recipient.KeyBroker(KID, KEK)));

        unpack(folder.resolve("encrypted"), broker());

        assertThat(folder.resolve("rootfs/opt/app/new.txt")).hasContent("new\n");
    }

    @ParameterizedTest
    @CsvSource({"rsa1, plain-gzip", "ec1, plain-gzip", "rsa1, plain-zstd"})
    void skopeoOpensWhatItEncrypted(String key, String name) throws IOException, InterruptedException {
        Skopeo.assumeInstalled();
        encrypt(name, List.of(jwe("rsa2"), jwe(key)));

        Skopeo.copy(
                "--decryption-key",
                keyFile(key + "-priv"),
                "oci:" + folder.resolve("encrypted") + ":latest",
                "oci:" + folder.resolve("plain") + ":latest");

        OciLayout plain = OciLayout.open(folder.resolve("plain"));
        OciLayout original = OciLayout.open(Vectors.path("coco/images/" + name));
        assertThat(manifest(plain).layers())
                .extracting(Descriptor::digest)
                .isEqualTo(manifest(original).layers().stream()
                        .map(Descriptor::digest)
                        .toList());
    }

    @Test
    void skopeoOpensItForTheOnlyRecipient() throws IOException, InterruptedException {
        Skopeo.assumeInstalled();
        encrypt("plain-gzip", List.of(jwe("ec1"), new Recipient.KeyBroker(KID, KEK)));
        String encrypted = "oci:" + folder.resolve("encrypted") + ":latest";
        String plain = "oci:" + folder.resolve("plain") + ":latest";

        assertThat(Skopeo.run("--decryption-key", keyFile("rsa2-priv"), encrypted, plain))
                .isNotZero();
        Skopeo.copy("--decryption-key", keyFile("ec1-priv"), encrypted, plain);
    }

    @ParameterizedTest
    @ValueSource(strings = {"rsa1", "rsa2"})
    void skopeoOpensItByCertificate(String name) throws IOException, InterruptedException {
        Skopeo.assumeInstalled();
        encrypt("plain-gzip", List.of(jwe("ec1"), pkcs7("rsa1"), pkcs7("rsa2"), new Recipient.KeyBroker(KID, KEK)));
        String encrypted = "oci:" + folder.resolve("encrypted") + ":latest";
        String plain = "oci:" + folder.resolve("plain") + ":latest";

        Skopeo.copy(
                "--decryption-key",
                keyFile(name + "-priv"),
                "--decryption-key",
                keyFile(name + "-cert"),
                encrypted,
                plain);

        assertThat(manifest(OciLayout.open(folder.resolve("plain"))).layers())
                .allMatch(layer -> !layer.mediaType().endsWith("+encrypted"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"rsa1", "rsa2", "ec1"})
    void opensWhatSkopeoEncryptsForSeveralRecipients(String key) throws IOException, InterruptedException {
        Skopeo.assumeInstalled();
        Path encrypted = folder.resolve("encrypted");

        Skopeo.copy(
                "--encryption-key",
                "pkcs7:" + keyFile("rsa1-cert"),
                "--encryption-key",
                "pkcs7:" + keyFile("rsa2-cert"),
                "--encryption-key",
                "jwe:" + keyFile("ec1-pub"),
                "oci:" + Vectors.path("coco/images/plain-gzip").toRealPath() + ":latest",
                "oci:" + encrypted + ":latest");
        unpack(
                encrypted,
                KeySource.of(List.of(PemKeys.privateKey(Vectors.text("coco/images/keys/" + key + "-priv.pem")))));

        assertThat(folder.resolve("rootfs/opt/app/secret.txt")).exists();
    }

    @ParameterizedTest
    @ValueSource(strings = {"rsa1", "ec1"})
    void opensWhatSkopeoEncrypts(String key) throws IOException, InterruptedException {
        Skopeo.assumeInstalled();
        Path encrypted = folder.resolve("encrypted");

        Skopeo.copy(
                "--encryption-key",
                "jwe:" + keyFile(key + "-pub"),
                "oci:" + Vectors.path("coco/images/plain-gzip").toRealPath() + ":latest",
                "oci:" + encrypted + ":latest");
        unpack(
                encrypted,
                KeySource.of(List.of(PemKeys.privateKey(Vectors.text("coco/images/keys/" + key + "-priv.pem")))));

        assertThat(folder.resolve("rootfs/opt/app/secret.txt")).exists();
    }

    @Test
    void keepsConfigurationAndNothingPlain() throws IOException {
        Descriptor image = encrypt("plain-gzip", List.of(jwe("ec1")));
        OciLayout original = OciLayout.open(Vectors.path("coco/images/plain-gzip"));
        OciLayout encrypted = OciLayout.open(folder.resolve("encrypted"));

        assertThat(encrypted.image("latest").digest()).isEqualTo(image.digest());
        assertThat(manifest(encrypted).config().digest())
                .isEqualTo(manifest(original).config().digest());
        for (Descriptor layer : manifest(original).layers()) {
            assertThatThrownBy(() -> encrypted.open(layer)).isInstanceOf(IOException.class);
        }
    }

    @Test
    void refusesImageThatIsEncryptedAlready() throws IOException {
        assertThatThrownBy(() -> encrypt("jwe-gzip", List.of(jwe("ec1")))).isInstanceOf(OciException.Unsupported.class);

        assertThat(OciLayout.open(folder.resolve("encrypted")).images()).isEmpty();
    }

    @Test
    void refusesImageWhoseLayerWasChanged() throws IOException {
        Path changed = folder.resolve("changed");
        copyFolder(Vectors.path("coco/images/plain-tar"), changed);
        OciLayout source = OciLayout.open(changed);
        Path blob = changed.resolve(
                "blobs/sha256/" + manifest(source).layers().getLast().digest().hex());
        byte[] bytes = Files.readAllBytes(blob);
        bytes[0] ^= 1;
        Files.write(blob, bytes);

        assertThatThrownBy(() -> encryptLayout(source, List.of(jwe("ec1"))))
                .isInstanceOf(OciException.DigestMismatch.class);

        assertThat(OciLayout.open(folder.resolve("encrypted")).images()).isEmpty();
    }

    private Descriptor encrypt(String name, List<Recipient> recipients) throws IOException {
        return encryptLayout(OciLayout.open(Vectors.path("coco/images/" + name)), recipients);
    }

    private Descriptor encryptLayout(OciLayout source, List<Recipient> recipients) throws IOException {
        return new EncryptImage(recipients, new SecureRandom())
                .copy(
                        source,
                        source.image(""),
                        Platform.current(),
                        OciLayoutWriter.open(folder.resolve("encrypted"), "latest"));
    }

    private void unpack(Path layoutFolder, KeySource keys) throws IOException {
        OciLayout layout = OciLayout.open(layoutFolder);
        Manifest manifest = manifest(layout);
        ImageConfig config = ImageConfig.parse(layout.read(manifest.config(), ImageConfig.MAX_BYTES));
        assertThat(manifest.layers()).allMatch(layer -> layer.mediaType().endsWith("+encrypted"));
        new UnpackImage(layout, new LayerDecryption(keys), UnpackLimits.defaults())
                .unpack(manifest, config, folder.resolve("rootfs"));
    }

    private static Manifest manifest(OciLayout layout) throws IOException {
        return Manifest.parse(layout.read(layout.image(""), Manifest.MAX_BYTES));
    }

    private static Recipient jwe(String name) {
        return new Recipient.Jwe(PemKeys.publicKey(Vectors.text("coco/images/keys/" + name + "-pub.pem")));
    }

    private static Recipient pkcs7(String name) {
        return Recipient.Pkcs7.of(Vectors.bytes("coco/images/keys/" + name + "-cert.pem"));
    }

    private static String keyFile(String name) throws IOException {
        return Vectors.path("coco/images/keys/" + name + ".pem").toRealPath().toString();
    }

    private static KeySource broker() {
        return new KeySource() {
            @Override
            public Optional<SecretKey> keyEncryptionKey(String kid) {
                return kid.equals(KID) ? Optional.of(KEK) : Optional.empty();
            }

            @Override
            public List<PrivateKey> privateKeys() {
                return List.of();
            }
        };
    }

    private static void copyFolder(Path from, Path to) throws IOException {
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : (Iterable<Path>) files::iterator) {
                Files.copy(file, to.resolve(from.relativize(file).toString()));
            }
        }
    }
}
