// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.image.encryption;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.realmesh.image.Skopeo;
import dev.realmesh.oci.BlobSource;
import dev.realmesh.oci.Descriptor;
import dev.realmesh.oci.ImageConfig;
import dev.realmesh.oci.LayerFormat;
import dev.realmesh.oci.Manifest;
import dev.realmesh.oci.MediaTypes;
import dev.realmesh.oci.OciDigest;
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
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Images of which some layers are encrypted, and images of many layers.
class SomeLayersTest {
    private static final String LAYER = "application/vnd.oci.image.layer.v1.tar";

    @TempDir
    Path folder;

    @ParameterizedTest
    @CsvSource({"0, true, false", "-2, true, false", "1, false, true", "-1, false, true"})
    void encryptsTheLayerThatWasChosenAlone(int index, boolean first, boolean second) throws IOException {
        Manifest encrypted = encrypt("plain-mixed", List.of(index));

        assertThat(encrypted.layers())
                .extracting(layer -> LayerFormat.of(layer.mediaType()).encrypted())
                .containsExactly(first, second);
        assertThat(encrypted.layers().get(first ? 1 : 0))
                .isEqualTo(original("plain-mixed").layers().get(first ? 1 : 0));
        unpack(encrypted);
        assertThat(folder.resolve("rootfs/opt/app/new.txt")).hasContent("new\n");
    }

    @Test
    void takesALayerOnceThatIsChosenTwice() throws IOException {
        assertThat(encrypt("plain-gzip", List.of(-1, 1, 0)).layers())
                .allMatch(layer -> LayerFormat.of(layer.mediaType()).encrypted());
    }

    @Test
    void encryptsTheRestOfAnImageWhoseLastLayerIsEncrypted() throws IOException {
        Manifest encrypted = encrypt("jwe-lastonly", List.of(0));

        assertThat(encrypted.layers())
                .allMatch(layer -> LayerFormat.of(layer.mediaType()).encrypted());
        unpack(encrypted);
        assertThat(folder.resolve("rootfs/opt/app/new.txt")).hasContent("new\n");
    }

    @ParameterizedTest
    @ValueSource(ints = {2, -3, Integer.MIN_VALUE, Integer.MAX_VALUE})
    void refusesALayerThatIsNotThere(int index) throws IOException {
        assertThatThrownBy(() -> encrypt("plain-gzip", List.of(0, index)))
                .isInstanceOf(OciException.Unsupported.class)
                .hasMessageContaining(index + " (expected: 0 to 1, or -2 to -1 from the end, as the image has 2)");

        assertThat(folder.resolve("encrypted/blobs")).isEmptyDirectory();
    }

    @Test
    void refusesAnEncryptedLayerBeforeAnythingIsWritten() throws IOException {
        assertThatThrownBy(() -> encrypt("jwe-lastonly", List.of(0, 1))).isInstanceOf(OciException.Unsupported.class);

        assertThat(folder.resolve("encrypted/blobs")).isEmptyDirectory();
    }

    @Test
    void skopeoOpensAnImageWithPlainLayers() throws IOException, InterruptedException {
        Skopeo.assumeInstalled();
        var unused = encrypt("plain-gzip", List.of(-1));

        Skopeo.copy(
                "--decryption-key",
                Vectors.path("coco/images/keys/rsa1-priv.pem").toRealPath().toString(),
                "oci:" + folder.resolve("encrypted") + ":latest",
                "oci:" + folder.resolve("plain") + ":latest");

        assertThat(manifest(OciLayout.open(folder.resolve("plain"))).layers())
                .extracting(Descriptor::digest)
                .isEqualTo(original("plain-gzip").layers().stream()
                        .map(Descriptor::digest)
                        .toList());
    }

    @Test
    void unpacksWhatSkopeoEncryptedInPart() throws IOException, InterruptedException {
        Skopeo.assumeInstalled();
        Skopeo.copy(
                "--encryption-key",
                "jwe:" + Vectors.path("coco/images/keys/rsa1-pub.pem").toRealPath(),
                "--encrypt-layer",
                "-2",
                "oci:" + Vectors.path("coco/images/plain-gzip").toRealPath() + ":latest",
                "oci:" + folder.resolve("encrypted") + ":latest");

        Manifest encrypted = manifest(OciLayout.open(folder.resolve("encrypted")));
        assertThat(encrypted.layers())
                .extracting(layer -> LayerFormat.of(layer.mediaType()).encrypted())
                .containsExactly(true, false);
        unpack(encrypted);
        assertThat(folder.resolve("rootfs/opt/app/new.txt")).hasContent("new\n");
    }

    /// More than are on their way at once, of all sizes around that of a buffer.
    @Test
    void keepsTheOrderOfManyLayers() throws IOException {
        List<byte[]> plain = IntStream.range(0, 40)
                .mapToObj(i -> {
                    byte[] layer = new byte[(i % 5) * (8 << 10) + i];
                    Arrays.fill(layer, (byte) i);
                    return layer;
                })
                .toList();
        Manifest encrypted = encrypt(written(plain), LayerSelection.ALL);

        OciLayout layout = OciLayout.open(folder.resolve("encrypted"));
        LayerDecryption decryption = new LayerDecryption(keys());
        for (int i = 0; i < plain.size(); i++) {
            Descriptor layer = encrypted.layers().get(i);
            try (InputStream content = decryption.decrypt(layer, layout.open(layer))) {
                assertThat(content.readAllBytes()).isEqualTo(plain.get(i));
            }
        }
    }

    @Test
    void leavesNoImageWhereALayerCannotBeRead() throws IOException {
        OciLayout source =
                written(IntStream.range(0, 9).mapToObj(i -> new byte[i]).toList());
        Descriptor broken = manifest(source).layers().get(4);
        BlobSource failing = blob -> {
            if (blob.digest().equals(broken.digest())) {
                throw new IOException("the disk is gone");
            }
            return source.open(blob);
        };

        assertThatThrownBy(() ->
                        encryptImage(LayerSelection.ALL).copy(failing, source.image(""), Platform.current(), target()))
                .isInstanceOf(IOException.class)
                .hasMessage("the disk is gone");

        assertThat(OciLayout.open(folder.resolve("encrypted")).images()).isEmpty();
        assertThat(folder.resolve("encrypted").toFile().list())
                .containsExactlyInAnyOrder("blobs", "index.json", "oci-layout");
    }

    /// An image of such layers; its configuration is none, as nothing unpacks it.
    private OciLayout written(List<byte[]> layers) throws IOException {
        OciLayoutWriter writer = OciLayoutWriter.open(folder.resolve("many"), "latest");
        List<String> entries = new ArrayList<>();
        for (byte[] layer : layers) {
            Descriptor blob = new Descriptor(LAYER, OciDigest.of(layer), layer.length, Map.of());
            writer.putBlob(blob, new ByteArrayInputStream(layer));
            entries.add(json(blob));
        }
        byte[] config = "{}".getBytes(StandardCharsets.UTF_8);
        Descriptor configBlob = new Descriptor(MediaTypes.OCI_CONFIG, OciDigest.of(config), config.length, Map.of());
        writer.putBlob(configBlob, new ByteArrayInputStream(config));
        byte[] manifest = ("{\"schemaVersion\":2,\"config\":" + json(configBlob) + ",\"layers\":["
                        + String.join(",", entries) + "]}")
                .getBytes(StandardCharsets.UTF_8);
        writer.putManifest(
                new Descriptor(MediaTypes.OCI_MANIFEST, OciDigest.of(manifest), manifest.length, Map.of()), manifest);
        return OciLayout.open(folder.resolve("many"));
    }

    private Manifest encrypt(String name, List<Integer> layers) throws IOException {
        return encrypt(OciLayout.open(Vectors.path("coco/images/" + name)), new LayerSelection(layers));
    }

    private Manifest encrypt(OciLayout source, LayerSelection selection) throws IOException {
        var unused = encryptImage(selection).copy(source, source.image(""), Platform.current(), target());
        return manifest(OciLayout.open(folder.resolve("encrypted")));
    }

    private OciLayoutWriter target() throws IOException {
        return OciLayoutWriter.open(folder.resolve("encrypted"), "latest");
    }

    private void unpack(Manifest manifest) throws IOException {
        OciLayout layout = OciLayout.open(folder.resolve("encrypted"));
        ImageConfig config = ImageConfig.parse(layout.read(manifest.config(), ImageConfig.MAX_BYTES));
        new UnpackImage(layout, new LayerDecryption(keys()), UnpackLimits.defaults())
                .unpack(manifest, config, folder.resolve("rootfs"));
    }

    private static EncryptImage encryptImage(LayerSelection selection) {
        Recipient recipient = new Recipient.Jwe(PemKeys.publicKey(Vectors.text("coco/images/keys/rsa1-pub.pem")));
        return new EncryptImage(List.of(recipient), selection, new SecureRandom());
    }

    private static KeySource keys() {
        return KeySource.of(List.of(
                PemKeys.privateKey(Vectors.text("coco/images/keys/rsa1-priv.pem")),
                PemKeys.privateKey(Vectors.text("coco/images/keys/rsa2-priv.pem"))));
    }

    private static Manifest original(String name) throws IOException {
        return manifest(OciLayout.open(Vectors.path("coco/images/" + name)));
    }

    private static Manifest manifest(OciLayout layout) throws IOException {
        return Manifest.parse(layout.read(layout.image(""), Manifest.MAX_BYTES));
    }

    private static String json(Descriptor blob) {
        return "{\"mediaType\":\"%s\",\"digest\":\"%s\",\"size\":%d}"
                .formatted(blob.mediaType(), blob.digest(), blob.size());
    }
}
