// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.attestation.appraisal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.realmesh.attestation.endorsement.GivenCorims;
import dev.realmesh.cca.Bytes;
import dev.realmesh.cca.corim.Corim;
import dev.realmesh.cca.ear.SubmodAppraisal;
import dev.realmesh.cca.ear.TrustTier;
import dev.realmesh.testkit.Vectors;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The rows of the README's table.
class StrictAppraisalTest {
    private static final Instant NOW = Instant.parse("2026-11-23T12:00:00Z");
    private static final JsonNode RECORDED =
            JsonMapper.shared().readTree(Vectors.bytes("attestation/verification-cases.json"));
    private static final Bytes NONCE = nonceOf("tokens/good-399.cbor");
    private static final String PLATFORM = "CCA_SSD_PLATFORM";
    private static final String REALM = "CCA_REALM";

    @Test
    void affirmsWhatIsEndorsedInAllThatCounts() {
        assertThat(strict("good-399", "m-plat-base", "up-cca-realm-valid"))
                .allSatisfy((name, appraisal) ->
                        assertThat(appraisal.status()).as(name).isEqualTo(TrustTier.AFFIRMING));
    }

    @Test
    void refusesAHashThatIsNotTheCurves() {
        assertThat(strict("alg-es384-p256", "m-plat-base", "up-cca-realm-valid").get("ARM_CCA"))
                .satisfies(refused -> {
                    assertThat(refused.status()).isEqualTo(TrustTier.CONTRAINDICATED);
                    assertThat(refused.problem()).endsWith("ES384 by a key of P256 (expected: ES256)");
                });
    }

    @Test
    void comparesSignerIds() {
        warns(
                strict("good-399", "m-plat-other-signer", "up-cca-realm-valid").get(PLATFORM),
                "BL is endorsed by another signer-id");
        warns(
                strict("sw-other-signer", "m-plat-base", "up-cca-realm-valid").get(PLATFORM),
                "is endorsed by another signer-id");
    }

    @Test
    void missesComponentsThatAreEndorsed() {
        warns(strict("sw-subset", "m-plat-base", "up-cca-realm-valid").get(PLATFORM), "M1 is missing");
        warns(strict("good-399", "m-plat-superset", "up-cca-realm-valid").get(PLATFORM), " is missing");
    }

    @Test
    void countsEachReferenceValueOfADigest() {
        Map<String, SubmodAppraisal> appraisals = appraise(
                AppraisalMode.STRICT,
                "rust-01",
                nonceOf("tokens/rust-01.cbor"),
                List.of("gold-rust01-platform", "gold-rust01-realm"));
        assertThat(appraisals.get(PLATFORM).status()).isEqualTo(TrustTier.AFFIRMING);
    }

    @Test
    void comparesConfigurationsUnderTheirMasks() {
        assertThat(strict("config-other", "m-plat-config-mask0").get(PLATFORM).problem())
                .isEmpty();
        warns(strict("config-other", "m-plat-base").get(PLATFORM), "platform configuration is not endorsed");
        warns(strict("config-empty", "m-plat-config-mask0").get(PLATFORM), "platform configuration is not endorsed");
    }

    @Test
    void admitsEachEndorsedConfiguration() {
        assertThat(strict("good-399", "m-plat-base", "m-plat-two-triples")
                        .get(PLATFORM)
                        .problem())
                .isEmpty();
    }

    @Test
    void warnsOfAnotherRem() {
        warns(strict("rem0-changed", "m-plat-base", "m-realm-rem0-only").get(REALM), "(REM)");
        warns(strict("rem3-changed", "m-plat-base", "up-cca-realm-valid").get(REALM), "(REM)");
        assertThat(strict("rem3-changed", "m-plat-base", "m-realm-rem0-only")
                        .get(REALM)
                        .status())
                .isEqualTo(TrustTier.AFFIRMING);
    }

    @Test
    void countsEachReferenceValueOfARim() {
        assertThat(strict("good-399", "m-plat-base", "m-realm-rem3-other", "up-cca-realm-valid")
                        .get(REALM)
                        .status())
                .isEqualTo(TrustTier.AFFIRMING);
    }

    @Test
    void passesOverReferenceValuesThatContradictThemselves() {
        assertThat(strict("good-399", "m-plat-base", "m-realm-rimdigest-mismatch")
                        .get(REALM)
                        .status())
                .isEqualTo(TrustTier.NONE);
        assertThat(strict("good-399", "m-plat-base", "m-realm-rimdigest-mismatch", "up-cca-realm-valid")
                        .get(REALM)
                        .status())
                .isEqualTo(TrustTier.AFFIRMING);
    }

    /// On all that was recorded, strict is better than Veraison in no claim, but for reference values that hide others.
    @TestFactory
    Stream<DynamicTest> isNeverMoreLenient() {
        return RECORDED.valueStream()
                .filter(scenario -> !scenario.get("scenario").asString().equals("rust01"))
                .flatMap(scenario -> scenario.get("verifications")
                        .valueStream()
                        .map(verification -> DynamicTest.dynamicTest(
                                scenario.get("scenario").asString() + " "
                                        + verification.get("token").asString(),
                                () -> assertNotMoreLenient(scenario, verification))));
    }

    private static void assertNotMoreLenient(JsonNode scenario, JsonNode verification) {
        List<String> corims = scenario.get("endorsements")
                .valueStream()
                .filter(endorsement ->
                        endorsement.get("expect_status").asString().equals("success"))
                .map(endorsement -> name(endorsement.get("file").asString()))
                .toList();
        String token = name(verification.get("token").asString());
        Bytes nonce = Bytes.ofHex(verification.get("session_nonce_hex").asString());
        Map<String, SubmodAppraisal> loose = appraise(AppraisalMode.VERAISON_COMPATIBLE, token, nonce, corims);
        Map<String, SubmodAppraisal> strict = appraise(AppraisalMode.STRICT, token, nonce, corims);
        strict.forEach((name, appraisal) -> {
            if (appraisal.status() == TrustTier.AFFIRMING) {
                assertThat(loose.get(name).status()).isEqualTo(TrustTier.AFFIRMING);
            }
        });
    }

    private static void warns(SubmodAppraisal appraisal, String problem) {
        assertThat(appraisal.status()).isEqualTo(TrustTier.WARNING);
        assertThat(appraisal.problem()).contains(problem);
    }

    private static Map<String, SubmodAppraisal> strict(String token, String... corims) {
        return appraise(AppraisalMode.STRICT, token, NONCE, List.of(corims));
    }

    private static Map<String, SubmodAppraisal> appraise(
            AppraisalMode mode, String token, Bytes nonce, List<String> files) {
        List<Corim> corims = new ArrayList<>();
        files.forEach(file -> corims.add(Corim.decode(bytes("endorsements/" + file))));
        return new ArmCcaScheme(new GivenCorims(corims, NOW), mode)
                .appraise(new AppraisalRequest(bytes("tokens/" + token), nonce));
    }

    private static Bytes nonceOf(String token) {
        return RECORDED.valueStream()
                .flatMap(scenario -> scenario.get("verifications").valueStream())
                .filter(verification -> verification.get("token").asString().equals(token))
                .map(verification ->
                        Bytes.ofHex(verification.get("session_nonce_hex").asString()))
                .findFirst()
                .orElseThrow();
    }

    private static Bytes bytes(String name) {
        return Bytes.copyOf(Vectors.bytes("attestation/" + name + ".cbor"));
    }

    private static String name(String file) {
        return file.substring(file.indexOf('/') + 1).replace(".cbor", "");
    }
}
