// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.kbs;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.charset.StandardCharsets;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;

/// Any bytes are the JWK of a broker or a TEE, or refused by a [KbsException]; a key that was read is written to what
/// reads the same.
class JwkFuzzTest {
    private static final String[] ALGORITHMS = {"ECDH-ES+A256KW", "RSA-OAEP-256", "none"};

    @MethodSource("generated")
    @FuzzTest
    void reads(byte[] input) {
        readsBrokers(new String(input, StandardCharsets.UTF_8));
        readsIdentities(input);
        for (String algorithm : ALGORITHMS) {
            readsTees(input, algorithm);
        }
    }

    private static void readsBrokers(String text) {
        try {
            BrokerPublicKey key = BrokerPublicKey.parse(text);
            requireSame(BrokerPublicKey.parse(key.toJwk()), key);
        } catch (KbsException.Malformed e) {
            return;
        }
    }

    private static void readsIdentities(byte[] input) {
        try (SecretBytes jwk = SecretBytes.copyOf(input)) {
            BrokerIdentity identity = BrokerIdentity.parse(jwk);
            requireSame(BrokerPublicKey.parse(identity.publicKey().toJwk()), identity.publicKey());
        } catch (KbsException.Malformed e) {
            return;
        }
    }

    private static void readsTees(byte[] input, String algorithm) {
        try {
            TeeKey.parse(input, algorithm);
        } catch (KbsException e) {
            // Refused as it should be.
        }
        try {
            TeePublicKey.parse(input);
        } catch (KbsException e) {
            return;
        }
    }

    private static void requireSame(BrokerPublicKey written, BrokerPublicKey read) {
        if (!written.equals(read)) {
            throw new AssertionError("a key reads otherwise once it is written");
        }
    }

    static Stream<byte[]> generated() {
        try (SecretBytes identity = BrokerIdentity.generate().toPrivateJwk()) {
            return Stream.concat(
                    Stream.of(identity.reveal()),
                    Stream.of(
                                    BrokerIdentity.generate().publicKey().toJwk(),
                                    "{\"kty\":\"EC\",\"crv\":\"P-384\",\"x\":\"AQ\",\"y\":\"Ag\"}",
                                    "{\"kty\":\"EC\",\"crv\":\"P-384\",\"x\":\"AQ\",\"y\":\"Ag\",\"d\":\"Aw\"}",
                                    "{\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"AQ\",\"y\":\"Ag\",\"alg\":\"ECDH-ES+A256KW\"}",
                                    "{\"kty\":\"RSA\",\"n\":\"AQAB\",\"e\":\"AQAB\",\"alg\":\"RSA-OAEP-256\"}",
                                    "{\"kty\":\"oct\",\"k\":\"AAAA\"}",
                                    "{}",
                                    "[".repeat(20_000))
                            .map(text -> text.getBytes(StandardCharsets.UTF_8)));
        }
    }
}
