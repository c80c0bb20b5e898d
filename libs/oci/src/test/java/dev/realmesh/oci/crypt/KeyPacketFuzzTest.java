// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.oci.crypt;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.realmesh.oci.OciException;
import dev.realmesh.testkit.Vectors;
import java.nio.charset.StandardCharsets;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;

/// Any bytes are each kind of packet that wraps a layer's key, or refused by an [OciException].
class KeyPacketFuzzTest {
    private static final List<PrivateKey> KEYS = Stream.of("rsa1", "ec1")
            .map(name -> PemKeys.privateKey(Vectors.text("coco/images/keys/" + name + "-priv.pem")))
            .toList();
    private static final List<Consumer<byte[]>> READERS = List.of(
            KeyPacket::parse,
            PrivateOptions::parse,
            jwe -> JweKeyWrap.unwrap(jwe, KEYS),
            pkcs7 -> Pkcs7KeyWrap.unwrap(pkcs7, KEYS),
            pem -> PemKeys.privateKey(new String(pem, StandardCharsets.UTF_8)),
            pem -> PemKeys.publicKey(new String(pem, StandardCharsets.UTF_8)),
            pem -> PemKeys.verificationKey(new String(pem, StandardCharsets.UTF_8)));

    @MethodSource("made")
    @FuzzTest
    void reads(byte[] input) {
        for (Consumer<byte[]> reader : READERS) {
            try {
                reader.accept(input);
            } catch (OciException e) {
                continue;
            }
        }
    }

    static Stream<byte[]> made() {
        byte[] secret = "{}".getBytes(StandardCharsets.US_ASCII);
        Recipient.Jwe recipient = new Recipient.Jwe(PemKeys.publicKey(Vectors.text("coco/images/keys/rsa1-pub.pem")));
        return Stream.of(
                JweKeyWrap.wrap(List.of(recipient), secret, new SecureRandom()),
                Vectors.bytes("coco/images/keys/ec1-priv.pem"),
                Vectors.bytes("coco/images/keys/rsa1-pub.pem"));
    }
}
