// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.realmesh.testkit.Vectors;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// `realmesh token`: recorded CCA tokens, judged without a mesh.
class TokenCommandTest {
    private static final String KEY =
            Vectors.path("attestation/keys/TEST-cpak-p256.private.jwk").toString();
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

    /// All recorded tokens by the files of the ccatoken tools: what is not affirmed fails.
    @Test
    void affirmsWhatIsGoodByTheFilesOfTheCcatokenTools() {
        JsonNode recorded = JsonMapper.shared()
                .readTree(Vectors.bytes("attestation/rust-ccatoken-outcomes.json"))
                .get("tokens");
        String values = Vectors.path("attestation/rust/rv-base.json").toString();
        List<String> affirmed = recorded.propertyNames().stream()
                .filter(token ->
                        realmesh("verify", token(token), "--trust-anchors", anchors(), "--reference-values", values)
                                        .exitCode()
                                == 0)
                .toList();

        assertThat(affirmed)
                .containsExactlyInAnyOrder(
                        "up-cca-good",
                        "up-e2e-evidence",
                        "good-399",
                        "good-907",
                        "good-legacy-all",
                        "good-mixed",
                        "good-rakhash384",
                        "good-rakhash512",
                        "rak-p256-cose",
                        "rak-cose-extra",
                        "nonce-wrong",
                        "nonce-short32-padded",
                        "nonce-prefix",
                        "lifecycle-secured-min",
                        "lifecycle-secured-max",
                        "lifecycle-noncca-debug",
                        "sw-hash-alg",
                        "sw-reordered",
                        "platform-no-vsi",
                        "platform-extra-claim",
                        "platform-hashalg-bad",
                        "realm-extra-claim",
                        "malformed-extra-key");
    }

    @Test
    void makesGoldenValuesAsTheCcatokenToolsHaveThem(@TempDir Path folder) throws IOException {
        Path anchors = folder.resolve("ta.json");
        Path values = folder.resolve("rv.json");
        make("good-399", KEY, anchors, values).done();

        JsonMapper json = JsonMapper.shared();
        assertThat(json.readTree(Files.readString(anchors)))
                .isEqualTo(json.readTree(Vectors.bytes("attestation/rust/ta-base.json")));
        assertThat(json.readTree(Files.readString(values)))
                .isEqualTo(json.readTree(Vectors.bytes("attestation/rust/rv-base.json")));
        Outcome verdict = realmesh(
                "verify",
                token("good-907"),
                "--trust-anchors",
                anchors.toString(),
                "--reference-values",
                values.toString());
        assertThat(verdict.done().lines()).contains("CCA_REALM affirming", "CCA_SSD_PLATFORM affirming");
    }

    @Test
    void makesNothingOfATokenThatTheKeyDidNotSign(@TempDir Path folder) {
        Path anchors = folder.resolve("ta.json");
        make("platform-sig-flipped", KEY, anchors, folder.resolve("rv.json"))
                .failed("platform-sig-flipped.cbor is not genuine by ", "platform token");
        make("good-399", token("good-399"), anchors, folder.resolve("rv.json"))
                .failed("good-399.cbor: platform key: not read (expected: a public EC JWK)");
        assertThat(anchors).doesNotExist();
    }

    @Test
    void saysWhatIsWrongWithReferenceValues(@TempDir Path folder) throws IOException {
        Path values = Files.writeString(folder.resolve("rv.json"), "{\"platform\": [{}]}");
        realmesh("verify", token("good-399"), "--trust-anchors", anchors(), "--reference-values", values.toString())
                .failed("rv.json: implementation-id: absent (expected: hexadecimal digits)");
    }

    private static Outcome make(String token, String key, Path anchors, Path values) {
        return realmesh(
                "make",
                token(token),
                "--key",
                key,
                "--trust-anchors",
                anchors.toString(),
                "--reference-values",
                values.toString());
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
