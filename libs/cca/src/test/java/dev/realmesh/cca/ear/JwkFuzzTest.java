// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.cca.ear;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.realmesh.testkit.Vectors;
import java.nio.charset.StandardCharsets;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;

/// Any text is the JWK of a verifier or refused as one; a private key that was read is written to what reads the same.
class JwkFuzzTest {
    @MethodSource("recorded")
    @FuzzTest
    void reads(byte[] input) {
        String text = new String(input, StandardCharsets.UTF_8);
        try {
            EarVerifier.ofJwk(text);
        } catch (IllegalArgumentException e) {
            requireSaid(e, "EAR verification key: ");
        }
        EarSigningKey key;
        try {
            key = EarSigningKey.ofPrivateJwk(text);
        } catch (IllegalArgumentException e) {
            requireSaid(e, "EAR signing key: ");
            return;
        }
        EarVerifier.ofJwk(key.publicJwk());
        if (!EarSigningKey.ofPrivateJwk(key.privateJwkSecret()).publicJwk().equals(key.publicJwk())) {
            throw new AssertionError("a key reads otherwise once it is written");
        }
    }

    private static void requireSaid(IllegalArgumentException refusal, String what) {
        if (!String.valueOf(refusal.getMessage()).startsWith(what)) {
            throw new AssertionError("refused without saying what", refusal);
        }
    }

    static Stream<byte[]> recorded() {
        String notOnTheCurve = "{\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"AQ\",\"y\":\"Ag\"}";
        return Stream.concat(
                Stream.of(
                                "keys/ear-verification-key.jwk",
                                "keys/TEST-ear-signer.private.jwk",
                                "keys/TEST-rak-p384.private.jwk",
                                "rust/cpak.json")
                        .map(name -> Vectors.bytes("attestation/" + name)),
                Stream.of(notOnTheCurve, "{\"kty\":\"EC\"}", "[", "[".repeat(20_000))
                        .map(text -> text.getBytes(StandardCharsets.UTF_8)));
    }
}
