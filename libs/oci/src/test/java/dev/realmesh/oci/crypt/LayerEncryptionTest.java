// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.oci.crypt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.realmesh.oci.Descriptor;
import dev.realmesh.oci.OciDigest;
import dev.realmesh.oci.OciException;
import dev.realmesh.testkit.Seeds;
import dev.realmesh.testkit.Vectors;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;
import javax.crypto.SecretKey;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Layers encrypted here and opened again, by each recipient alone.
class LayerEncryptionTest {
    private static final String LAYER = "application/vnd.oci.image.layer.v1.tar+gzip";
    private static final String KID = "kbs:///default/key/1";
    private static final SecretKey KEK = new SecretKeySpec(new byte[32], "AES");

    private final ByteArrayOutputStream ciphertext = new ByteArrayOutputStream();

    @ParameterizedTest
    @MethodSource("dev.realmesh.testkit.Seeds#some")
    void everyRecipientOpensIt(long seed) throws IOException {
        RandomGenerator random = Seeds.random(seed);
        byte[] plain = new byte[random.nextInt(100_000)];
        random.nextBytes(plain);
        Descriptor encrypted =
                encrypt(plain, List.of(jwe("rsa1"), jwe("ec1"), pkcs7("rsa2"), new Recipient.KeyBroker(KID, KEK)));

        assertThat(encrypted.mediaType()).isEqualTo(LAYER + "+encrypted");
        assertThat(encrypted.digest()).isEqualTo(OciDigest.of(ciphertext.toByteArray()));
        for (KeySource keys : List.of(only("rsa1"), only("ec1"), only("rsa2"), broker())) {
            assertThat(decrypt(encrypted, ciphertext.toByteArray(), keys)).isEqualTo(plain);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"rsa1", "ec1"})
    void oneRecipientOpensItAndNobodyElse(String name) throws IOException {
        Descriptor encrypted = encrypt(new byte[100], List.of(jwe(name)));

        assertThat(decrypt(encrypted, ciphertext.toByteArray(), only(name))).hasSize(100);
        assertThatThrownBy(() -> decrypt(encrypted, ciphertext.toByteArray(), only("rsa2")))
                .isInstanceOf(OciException.NoKeyFits.class);
    }

    @Test
    void saysThatNoKeyIsTheCertificates() throws IOException {
        Descriptor encrypted = encrypt(new byte[100], List.of(pkcs7("rsa1")));

        assertThat(decrypt(encrypted, ciphertext.toByteArray(), only("rsa1"))).hasSize(100);
        assertThatThrownBy(() -> decrypt(encrypted, ciphertext.toByteArray(), only("rsa2")))
                .isInstanceOf(OciException.NoKeyFits.class)
                .hasMessageContaining("the PKCS #7 packet is for another key than the 1 tried");
    }

    @Test
    void keepsAnnotationsButThoseOfAnEarlierEncryption() throws IOException {
        byte[] plain = new byte[10];
        Map<String, String> annotations = Map.of("a.b", "c", Pkcs7KeyWrap.ANNOTATION, "AAAA");
        Descriptor layer = new Descriptor(LAYER, OciDigest.of(plain), plain.length, annotations);

        Descriptor encrypted = new LayerEncryption(List.of(jwe("ec1")), new SecureRandom())
                .encrypt(layer, new ByteArrayInputStream(plain), ciphertext);

        assertThat(encrypted.annotations()).containsOnlyKeys("a.b", PublicOptions.ANNOTATION, JweKeyWrap.ANNOTATION);
    }

    @Test
    void refusesEveryFlippedByte() throws IOException {
        Descriptor encrypted = encrypt(new byte[64], List.of(jwe("ec1")));
        for (int i = 0; i < 64; i++) {
            byte[] changed = ciphertext.toByteArray();
            changed[i] ^= 1;
            assertThatThrownBy(() -> decrypt(encrypted, changed, only("ec1")))
                    .isInstanceOf(OciException.NotAuthentic.class);
        }
    }

    @Test
    void refusesKeyOfAnotherLayer() throws IOException {
        Descriptor first = encrypt(new byte[64], List.of(jwe("ec1")));
        byte[] firstCiphertext = ciphertext.toByteArray();
        ciphertext.reset();
        Descriptor second = encrypt(new byte[64], List.of(jwe("ec1")));
        Map<String, String> mixed = new HashMap<>(first.annotations());
        mixed.put(JweKeyWrap.ANNOTATION, second.annotations().get(JweKeyWrap.ANNOTATION));
        Descriptor changed = new Descriptor(first.mediaType(), first.digest(), first.size(), mixed);

        assertThatThrownBy(() -> decrypt(changed, firstCiphertext, only("ec1")))
                .isInstanceOf(OciException.NotAuthentic.class);
    }

    @Test
    void passesOverPartsForOthers() throws IOException {
        Descriptor encrypted = encrypt(new byte[8], List.of(jwe("ec1")));
        Map<String, String> annotations = new HashMap<>(encrypted.annotations());
        annotations.computeIfPresent(JweKeyWrap.ANNOTATION, (name, part) -> "!!," + part);
        annotations.put(KeyPacket.ANNOTATION, "e30=");
        Descriptor changed = new Descriptor(encrypted.mediaType(), encrypted.digest(), encrypted.size(), annotations);

        assertThat(decrypt(changed, ciphertext.toByteArray(), only("ec1"))).hasSize(8);
    }

    @Test
    void refusesLayerThatIsEncryptedAlreadyOrNotWhatItSays() {
        byte[] plain = new byte[10];
        Descriptor twice = new Descriptor(LAYER + "+encrypted", OciDigest.of(plain), 10, Map.of());
        Descriptor lying = new Descriptor(LAYER, OciDigest.of(new byte[11]), 10, Map.of());
        LayerEncryption encryption = new LayerEncryption(List.of(jwe("ec1")), new SecureRandom());

        assertThatThrownBy(() -> encryption.encrypt(twice, new ByteArrayInputStream(plain), ciphertext))
                .isInstanceOf(OciException.Unsupported.class);
        assertThatThrownBy(() -> encryption.encrypt(lying, new ByteArrayInputStream(plain), ciphertext))
                .isInstanceOf(OciException.DigestMismatch.class);
    }

    @Test
    void readsTraditionalRsaKey() {
        byte[] pkcs8 = recordedKey("rsa1").getEncoded();
        String body = Base64.getMimeEncoder().encodeToString(Arrays.copyOfRange(pkcs8, 26, pkcs8.length));

        PrivateKey read =
                PemKeys.privateKey("-----BEGIN RSA PRIVATE KEY-----\n" + body + "\n-----END RSA PRIVATE KEY-----\n");

        assertThat(read).isEqualTo(recordedKey("rsa1"));
    }

    private Descriptor encrypt(byte[] plain, List<Recipient> recipients) throws IOException {
        Descriptor layer = new Descriptor(LAYER, OciDigest.of(plain), plain.length, Map.of());
        return new LayerEncryption(recipients, new SecureRandom())
                .encrypt(layer, new ByteArrayInputStream(plain), ciphertext);
    }

    private static byte[] decrypt(Descriptor layer, byte[] ciphertext, KeySource keys) throws IOException {
        try (InputStream plain = new LayerDecryption(keys).decrypt(layer, new ByteArrayInputStream(ciphertext))) {
            return plain.readAllBytes();
        }
    }

    private static Recipient jwe(String name) {
        return new Recipient.Jwe(PemKeys.publicKey(Vectors.text("coco/images/keys/" + name + "-pub.pem")));
    }

    private static Recipient pkcs7(String name) {
        return Recipient.Pkcs7.of(Vectors.bytes("coco/images/keys/" + name + "-cert.pem"));
    }

    private static KeySource only(String name) {
        return KeySource.of(List.of(recordedKey(name)));
    }

    private static PrivateKey recordedKey(String name) {
        return PemKeys.privateKey(Vectors.text("coco/images/keys/" + name + "-priv.pem"));
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
}
