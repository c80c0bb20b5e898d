// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.cca.ear;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.realmesh.testkit.Vectors;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;

/// Any text is an EAR or refused by an [EarException]; an EAR that was read is signed to what reads the same, and
/// nothing
/// is verified that the pinned key did not sign. Text that begins with a brace is fuzzed as the claims of an EAR.
class EarFuzzTest {
    private static final EarSigningKey KEY = EarSigningKey.generate();
    private static final EarVerifier VERIFIER = EarVerifier.ofJwk(KEY.publicJwk());
    private static final List<String> RECORDED = List.of("good-907.jwt", "nonce-wrong.jwt");

    @MethodSource("recorded")
    @FuzzTest
    void reads(byte[] input) {
        String text = new String(input, StandardCharsets.UTF_8);
        String jwt = text.startsWith("{") ? ofClaims(input) : text;
        requireNotVerified(jwt);
        Ear ear;
        try {
            ear = EarVerifier.readUnverified(jwt);
        } catch (EarException e) {
            return;
        }
        String signed = KEY.sign(ear);
        if (!VERIFIER.verify(signed).equals(ear)) {
            throw new AssertionError("an EAR reads otherwise once it is signed");
        }
    }

    private static void requireNotVerified(String jwt) {
        try {
            VERIFIER.verify(jwt);
        } catch (EarException e) {
            return;
        }
        throw new AssertionError("an EAR is verified that was not signed");
    }

    private static String ofClaims(byte[] claims) {
        Base64.Encoder base64 = Base64.getUrlEncoder().withoutPadding();
        return base64.encodeToString("{\"alg\":\"ES256\"}".getBytes(StandardCharsets.UTF_8)) + "."
                + base64.encodeToString(claims) + "." + base64.encodeToString(new byte[64]);
    }

    static Stream<byte[]> recorded() {
        return RECORDED.stream().flatMap(name -> {
            String jwt = Vectors.text("attestation/ear/" + name).strip();
            byte[] claims = Base64.getUrlDecoder().decode(jwt.split("\\.")[1]);
            return Stream.of(jwt.getBytes(StandardCharsets.UTF_8), claims);
        });
    }
}
