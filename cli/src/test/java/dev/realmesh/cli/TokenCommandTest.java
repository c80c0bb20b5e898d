// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.realmesh.testkit.Vectors;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// `realmesh token`: recorded CCA tokens, judged without a mesh.
class TokenCommandTest {
    private static final String CHALLENGE = "6f24d6b9635a2c8bbf58e908b94e04c1";

    @Test
    void decodesToJsonForPeople() {
        Outcome decoded = realmesh("decode", token("good-399")).done();
        assertThat(decoded.lines()).hasSizeGreaterThan(10);
        assertThat(decoded.out())
                .startsWith("{")
                .contains("\"cca-realm-challenge\" : \"" + CHALLENGE, "\"cca-platform-sw-components\"");
    }

    @Test
    void decodesToOneLineForMachines() {
        assertThat(realmesh("decode", "--json", token("good-907")).done().lines())
                .singleElement()
                .asString()
                .startsWith("{\"tag\":907,")
                .contains("\"cca-realm-challenge\":\"" + CHALLENGE);
    }

    @Test
    void decodesStandardInput() {
        byte[] token = Vectors.bytes("attestation/tokens/good-399.cbor");
        assertThat(Outcome.of(Map.of(), token, "token", "decode", "-").done().out())
                .contains(CHALLENGE);
    }

    @Test
    void saysThatAFileIsNoToken() {
        realmesh("decode", token("malformed-garbage")).failed("malformed-garbage.cbor is no CCA token");
        Outcome.of(Map.of(), new byte[70_000], "token", "decode", "-").failed("-: over 64 KiB (expected: a CCA token)");
    }

    @Test
    void saysThatATokenIsGenuine() {
        assertThat(verify("good-399").done().lines()).containsExactly("genuine: both signatures and the binding hold");
    }

    @ParameterizedTest
    @CsvSource({
        "platform-sig-flipped, platform token",
        "realm-sig-flipped, realm token",
        "bind-wrong, binding",
        "instid-unknown, no trust anchor"
    })
    void saysWhyATokenIsNotGenuine(String token, String reason) {
        verify(token).failed(token + ".cbor is not genuine: ", reason);
    }

    @Test
    void appraisesByReferenceValues() {
        assertThat(verify("good-399", "m-plat-base", "up-cca-realm-valid")
                        .done()
                        .lines())
                .containsExactly(
                        "genuine: both signatures and the binding hold",
                        "CCA_REALM affirming",
                        "CCA_SSD_PLATFORM affirming");
    }

    @Test
    void appraisesByTheRulesThatAreAskedFor() {
        verify("good-399", "m-plat-other-signer", "up-cca-realm-valid")
                .failed("CCA_SSD_PLATFORM is warning, BL is endorsed by another signer-id");
        assertThat(realmesh(
                                "verify",
                                token("good-399"),
                                "--trust-anchors",
                                anchors(),
                                "--appraisal",
                                "veraison-compatible",
                                "--reference-values",
                                corim("m-plat-other-signer"),
                                "--reference-values",
                                corim("up-cca-realm-valid"))
                        .done()
                        .lines())
                .contains("CCA_SSD_PLATFORM affirming");
    }

    @Test
    void printsItsVerdictAsJson() {
        Outcome verdict = realmesh(
                "verify",
                "--json",
                token("good-399"),
                "--trust-anchors",
                anchors(),
                "--reference-values",
                corim("m-plat-base"),
                "--reference-values",
                corim("up-cca-realm-valid"));
        assertThat(verdict.done().lines())
                .singleElement()
                .asString()
                .contains(
                        "\"genuine\":true",
                        "\"challenge\":\"" + CHALLENGE,
                        "\"submods\":{\"CCA_REALM\":\"affirming\",\"CCA_SSD_PLATFORM\":\"affirming\"}");
    }

    @Test
    void failsAGenuineTokenThatIsNotAffirming() {
        verify("good-399", "m-plat-base").failed("CCA_REALM is warning, no reference values", "(expected: affirming)");
        verify("lifecycle-unknown", "m-plat-base", "up-cca-realm-valid")
                .failed("CCA_SSD_PLATFORM is contraindicated, security lifecycle");
    }

    @Test
    void saysWhichFileItCannotUse() {
        realmesh("verify", token("good-399"), "--trust-anchors", token("good-399"))
                .failed("good-399.cbor: trust anchors:");
        verify("good-399", "m-corim-garbage").failed("m-corim-garbage.cbor is no unsigned CoRIM: ");
        verify("good-399", "s-signed-ok").failed("s-signed-ok.cbor is no unsigned CoRIM: ");
    }

    private static Outcome verify(String token, String... corims) {
        List<String> arguments = new ArrayList<>(List.of("verify", token(token), "--trust-anchors", anchors()));
        for (String corim : corims) {
            arguments.addAll(List.of("--reference-values", corim(corim)));
        }
        return realmesh(arguments.toArray(String[]::new));
    }

    private static Outcome realmesh(String... arguments) {
        List<String> all = new ArrayList<>(List.of("token"));
        all.addAll(List.of(arguments));
        return Outcome.of(Map.of(), all.toArray(String[]::new));
    }

    private static String token(String name) {
        return Vectors.path("attestation/tokens/" + name + ".cbor").toString();
    }

    private static String corim(String name) {
        return Vectors.path("attestation/endorsements/" + name + ".cbor").toString();
    }

    private static String anchors() {
        return Vectors.path("attestation/rust/ta-base.json").toString();
    }
}
