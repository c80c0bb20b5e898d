// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.oci.crypt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.realmesh.oci.Descriptor;
import dev.realmesh.oci.Manifest;
import dev.realmesh.oci.OciException;
import dev.realmesh.oci.layout.OciLayout;
import dev.realmesh.testkit.Vectors;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// PKCS #7 packets: those that skopeo wrote, ours, what the standard allows beside them, and broken ones.
class Pkcs7KeyWrapTest {
    private static final byte[] OPTIONS = "{\"symkey\":\"…\"}".getBytes(StandardCharsets.UTF_8);

    private static final byte[] AES_256_GCM = HexFormat.of().parseHex("60864801650304012e");

    private static final byte[] AES_128_CBC = HexFormat.of().parseHex("608648016503040102");

    @ParameterizedTest
    @ValueSource(strings = {"rsa1", "rsa2"})
    void opensWhatSkopeoWrapped(String name) throws IOException {
        byte[] packet = recordedPacket();

        Optional<byte[]> opened = Pkcs7KeyWrap.unwrap(packet, List.of(key("ec1"), key(name)));

        assertThat(PrivateOptions.parse(opened.orElseThrow()).nonce()).hasSize(16);
    }

    @ParameterizedTest
    @ValueSource(strings = {"rsa1", "rsa2"})
    void opensWhatItWrapped(String name) {
        byte[] packet = wrap("rsa1", "rsa2");

        assertThat(Pkcs7KeyWrap.unwrap(packet, List.of(key(name)))).hasValue(OPTIONS);
    }

    @Test
    void opensForNobodyElse() {
        byte[] packet = wrap("rsa1");

        assertThat(Pkcs7KeyWrap.unwrap(packet, List.of(key("rsa2"), key("ec1"))))
                .isEmpty();
        assertThat(Pkcs7KeyWrap.unwrap(packet, List.of())).isEmpty();
    }

    @Test
    void opensWhatKeepsToTheStandard() throws GeneralSecurityException {
        byte[] packet = enveloped(AES_256_GCM, List.of(wrapped(new byte[32])));

        assertThat(Pkcs7KeyWrap.unwrap(packet, List.of(key("rsa1")))).hasValue(OPTIONS);
    }

    @Test
    void passesOverRecipientsOfOtherKinds() throws GeneralSecurityException {
        byte[] byPassword = Der.element(0xa3, Der.element(Der.INTEGER, new byte[] {0}));
        byte[] byAnotherAlgorithm = recipient(HexFormat.of().parseHex("2a864886f70d010107"), new byte[256]);

        byte[] packet = enveloped(AES_256_GCM, List.of(byPassword, byAnotherAlgorithm, wrapped(new byte[32])));

        assertThat(Pkcs7KeyWrap.unwrap(packet, List.of(key("rsa1")))).hasValue(OPTIONS);
    }

    /// A key of the wrong size, another key, and no padding at all: one answer.
    @Test
    void doesNotTellAWrongKeyFromWrongPadding() throws GeneralSecurityException {
        for (byte[] recipient : List.of(
                wrapped(new byte[16]),
                wrapped(filled(32, 1)),
                recipient(Oids.RSA, new byte[256]),
                recipient(Oids.RSA, filled(256, 0x7f)))) {
            byte[] packet = enveloped(AES_256_GCM, List.of(recipient));

            assertThat(Pkcs7KeyWrap.unwrap(packet, List.of(key("rsa1")))).isEmpty();
        }
    }

    @Test
    void refusesModesThatDoNotAuthenticate() throws GeneralSecurityException {
        byte[] packet = enveloped(AES_128_CBC, List.of(wrapped(new byte[16])));

        assertThatThrownBy(() -> Pkcs7KeyWrap.unwrap(packet, List.of(key("rsa1"))))
                .isInstanceOf(OciException.Unsupported.class)
                .hasMessageContaining("content encryption");
    }

    @Test
    void refusesTooManyRecipients() throws GeneralSecurityException {
        byte[] packet = enveloped(AES_256_GCM, Collections.nCopies(101, recipient(Oids.RSA, new byte[1])));

        assertThatThrownBy(() -> Pkcs7KeyWrap.unwrap(packet, List.of())).isInstanceOf(OciException.LimitExceeded.class);
        assertThatThrownBy(() -> Pkcs7KeyWrap.unwrap(new byte[(64 << 10) + 1], List.of()))
                .isInstanceOf(OciException.LimitExceeded.class);
    }

    @Test
    void refusesEveryTruncatedPacket() {
        byte[] packet = wrap("rsa1");

        for (int length = 0; length < packet.length; length++) {
            byte[] cut = Arrays.copyOf(packet, length);
            assertThatThrownBy(() -> Pkcs7KeyWrap.unwrap(cut, List.of(key("rsa1"))))
                    .isInstanceOf(OciException.Malformed.class);
        }
    }

    /// Who a recipient is, is not authenticated, and is not looked at.
    @Test
    void opensAChangedPacketToTheSameOrNotAtAll() {
        byte[] packet = wrap("rsa1");
        List<PrivateKey> keys = List.of(key("rsa1"));

        int same = 0;
        for (int i = 0; i < packet.length; i++) {
            byte[] changed = packet.clone();
            changed[i] ^= (byte) 0x21;
            try {
                Optional<byte[]> opened = Pkcs7KeyWrap.unwrap(changed, keys);
                opened.ifPresent(options -> assertThat(options).isEqualTo(OPTIONS));
                same += opened.isPresent() ? 1 : 0;
            } catch (OciException refused) {
                assertThat(refused).hasMessageContaining("expected");
            }
        }
        assertThat(same).isBetween(10, 150);
    }

    @ParameterizedTest
    @ValueSource(strings = {"3080", "3084ffffffff", "3003020100", "30820002", ""})
    void refusesWhatIsNoPacket(String hex) {
        byte[] packet = HexFormat.of().parseHex(hex);

        assertThatThrownBy(() -> Pkcs7KeyWrap.unwrap(packet, List.of(key("rsa1"))))
                .isInstanceOf(OciException.Malformed.class);
    }

    @Test
    void refusesCertificatesThatItCannotWrapFor() {
        assertThatThrownBy(() -> certificate("ec1"))
                .isInstanceOf(OciException.Unsupported.class)
                .hasMessageContaining("RSA");
        assertThatThrownBy(() -> Recipient.Pkcs7.of(Vectors.bytes("coco/images/keys/rsa1-pub.pem")))
                .isInstanceOf(OciException.Malformed.class);
        assertThatThrownBy(() -> Recipient.Pkcs7.of(new byte[1 << 20])).isInstanceOf(OciException.LimitExceeded.class);
    }

    @Test
    void readsAKeyBesideItsCertificate() {
        String key = Vectors.text("coco/images/keys/rsa1-priv.pem");
        String certificate = Vectors.text("coco/images/keys/rsa1-cert.pem");

        assertThat(PemKeys.privateKey(certificate + key)).isEqualTo(key("rsa1"));
        assertThat(PemKeys.privateKey(key + certificate)).isEqualTo(key("rsa1"));
        assertThatThrownBy(() -> PemKeys.privateKey(certificate))
                .isInstanceOf(OciException.Malformed.class)
                .hasMessageContaining("no key");
    }

    private static byte[] wrap(String... names) {
        return Pkcs7KeyWrap.wrap(
                Arrays.stream(names).map(Pkcs7KeyWrapTest::certificate).toList(), OPTIONS, new SecureRandom());
    }

    private static byte[] recordedPacket() throws IOException {
        OciLayout layout = OciLayout.open(Vectors.path("coco/images/pkcs7-gzip"));
        Descriptor layer = Manifest.parse(layout.read(layout.image(""), Manifest.MAX_BYTES))
                .layers()
                .getFirst();
        return Base64.getDecoder().decode(layer.annotations().get(Pkcs7KeyWrap.ANNOTATION));
    }

    /// Enveloped data by RFC 5652 and RFC 5084, content sealed with a key of zeros.
    private static byte[] enveloped(byte[] algorithm, List<byte[]> recipients) throws GeneralSecurityException {
        byte[] iv = new byte[12];
        Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
        cipher.init(Cipher.ENCRYPT_MODE, new SecretKeySpec(new byte[32], "AES"), new GCMParameterSpec(128, iv));
        byte[] parameters =
                Der.element(Der.SEQUENCE, Der.element(Der.OCTET_STRING, iv), Der.element(Der.INTEGER, new byte[] {16}));
        byte[] content = Der.element(
                Der.SEQUENCE,
                Der.element(Der.OBJECT_IDENTIFIER, Oids.DATA),
                Der.element(Der.SEQUENCE, Der.element(Der.OBJECT_IDENTIFIER, algorithm), parameters),
                Der.element(0x80, cipher.doFinal(OPTIONS)));
        byte[] enveloped = Der.element(
                Der.SEQUENCE,
                Der.element(Der.INTEGER, new byte[] {2}),
                Der.element(Der.SET, recipients.toArray(byte[][]::new)),
                content);
        return Der.element(
                Der.SEQUENCE, Der.element(Der.OBJECT_IDENTIFIER, Oids.ENVELOPED_DATA), Der.element(0xa0, enveloped));
    }

    private static byte[] wrapped(byte[] contentKey) throws GeneralSecurityException {
        Cipher rsa = Cipher.getInstance("RSA/ECB/PKCS1Padding");
        rsa.init(Cipher.ENCRYPT_MODE, PemKeys.publicKey(Vectors.text("coco/images/keys/rsa1-pub.pem")));
        return recipient(Oids.RSA, rsa.doFinal(contentKey));
    }

    /// Named by the identifier of its key, as version 2 is.
    private static byte[] recipient(byte[] algorithm, byte[] encryptedKey) {
        return Der.element(
                Der.SEQUENCE,
                Der.element(Der.INTEGER, new byte[] {2}),
                Der.element(0x80, new byte[20]),
                Der.element(Der.SEQUENCE, Der.element(Der.OBJECT_IDENTIFIER, algorithm)),
                Der.element(Der.OCTET_STRING, encryptedKey));
    }

    private static byte[] filled(int length, int value) {
        byte[] filled = new byte[length];
        Arrays.fill(filled, (byte) value);
        return filled;
    }

    private static Recipient.Pkcs7 certificate(String name) {
        return Recipient.Pkcs7.of(Vectors.bytes("coco/images/keys/" + name + "-cert.pem"));
    }

    private static PrivateKey key(String name) {
        return PemKeys.privateKey(Vectors.text("coco/images/keys/" + name + "-priv.pem"));
    }

    private static final class Oids {
        private static final byte[] RSA = HexFormat.of().parseHex("2a864886f70d010101");
        private static final byte[] DATA = HexFormat.of().parseHex("2a864886f70d010701");
        private static final byte[] ENVELOPED_DATA = HexFormat.of().parseHex("2a864886f70d010703");
    }
}
