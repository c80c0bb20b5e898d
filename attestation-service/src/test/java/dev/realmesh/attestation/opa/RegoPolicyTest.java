// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.attestation.opa;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.realmesh.attestation.policy.AppraisalPolicies;
import dev.realmesh.attestation.policy.CompiledPolicy;
import dev.realmesh.attestation.policy.Findings;
import dev.realmesh.cca.Bytes;
import dev.realmesh.cca.ear.Ear;
import dev.realmesh.cca.ear.SubmodAppraisal;
import dev.realmesh.cca.ear.TrustClaim;
import dev.realmesh.cca.ear.TrustTier;
import dev.realmesh.cca.ear.TrustVector;
import dev.realmesh.policy.PolicyException;
import dev.realmesh.policy.PolicyText;
import dev.realmesh.policy.opa.Opa;
import dev.realmesh.policy.opa.OpaConfig;
import dev.realmesh.policy.opa.RecordedOpa;
import dev.realmesh.policy.opa.RegoModule;
import dev.realmesh.policy.opa.RegoText;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Policies in Rego: what they see, what they do, and what is none.
class RegoPolicyTest {
    private static final Bytes NONCE = Bytes.ofHex("fb".repeat(8));
    private static final Findings FINDINGS = new Findings(
            NONCE,
            Map.of(
                    Ear.PLATFORM,
                    appraisal(2).annotated(Map.of("cca-platform-lifecycle", 12288L)),
                    Ear.REALM,
                    appraisal(33).annotated(Map.of("cca-realm-challenge", NONCE.base64()))),
            () -> List.of(Map.of(
                    "environment", Map.of("class", Map.of("id", Map.of("type", "bytes", "value", "AQID"))))));

    private static RecordedOpa server;
    private static Opa opa;

    @BeforeAll
    static void start() {
        server = RecordedOpa.start(RegoEngine.FRAME);
        opa = Opa.open(OpaConfig.of(server.uri()), RegoEngine.FRAME);
    }

    @AfterAll
    static void stop() {
        opa.close();
        server.close();
    }

    private static SubmodAppraisal appraisal(int executables) {
        TrustVector vector = TrustVector.NO_CLAIM.with(TrustClaim.EXECUTABLES, executables);
        return SubmodAppraisal.of(vector, "policy:ARM_CCA", "");
    }

    private static Map<String, SubmodAppraisal> apply(String rules) {
        try (CompiledPolicy policy = new RegoEngine(opa).compile(PolicyText.rego("test", "package policy\n" + rules))) {
            return AppraisalPolicies.apply(policy, "id", FINDINGS);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "scheme == \"ARM_CCA\"",
                "submod == \"CCA_SSD_PLATFORM\"",
                "session.nonce == \"-_v7-_v7-_s=\"",
                "input.nonce == evidence.realm[\"cca-realm-challenge\"]",
                "result[\"ear.status\"] == \"affirming\"",
                "result[\"ear.trustworthiness-vector\"].executables == APPROVED_RT",
                "result[\"ear.veraison.annotated-evidence\"][\"cca-platform-lifecycle\"] == 12288",
                "evidence.platform[\"cca-platform-lifecycle\"] == 12288",
                "evidence[\"cca-platform-lifecycle\"] == 12288",
                "endorsements[_].environment[\"class\"].id.value == \"AQID\"",
            })
    void seesWhatTheSchemeFound(String condition) {
        SubmodAppraisal platform =
                apply("status = WARNING { " + condition + " }\n").get(Ear.PLATFORM);

        assertThat(platform.status()).isEqualTo(TrustTier.WARNING);
        assertThat(platform.problem()).isEqualTo("policy test: lowers the verdict");
        assertThat(platform.policyId()).isEqualTo("policy:ARM_CCA/id");
    }

    @ParameterizedTest
    @CsvSource({"UNSAFE_RT, 32, 33", "APPROVED_BOOT, 3, 33", "CONTRAINDICATED_RT, 96, 96", "NO_CLAIM, 2, 33"})
    void aClaimIsTheWorseOfTheSchemesAndThePolicys(String value, int platform, int realm) {
        Map<String, SubmodAppraisal> applied = apply("executables = " + value + "\n");

        assertThat(applied.get(Ear.PLATFORM).vector().get(TrustClaim.EXECUTABLES))
                .isEqualTo(platform);
        assertThat(applied.get(Ear.REALM).vector().get(TrustClaim.EXECUTABLES)).isEqualTo(realm);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "status = AFFIRMING\n", "executables = APPROVED_RT\nstatus = 0\n", "hardware = 2\n"})
    void nothingThatAPolicyAsksForMakesAnythingBetter(String rules) {
        assertThat(apply(rules))
                .allSatisfy((name, submod) -> assertThat(submod)
                        .returns(FINDINGS.submods().get(name).status(), SubmodAppraisal::status)
                        .returns(FINDINGS.submods().get(name).vector(), SubmodAppraisal::vector)
                        .returns("", SubmodAppraisal::problem));
    }

    @Test
    void addsClaimsAndSaysItsOwnReason() {
        SubmodAppraisal realm = apply("""
                        status = CONTRAINDICATED { submod == "CCA_REALM" }
                        added_claims = {"ticket": 17, "teams": ["edge"], "nothing": null, "problem": "not this\\nrelease"}
                        """).get(Ear.REALM);

        assertThat(realm.status()).isEqualTo(TrustTier.CONTRAINDICATED);
        assertThat(realm.policyClaims())
                .containsOnly(
                        Map.entry("ticket", 17),
                        Map.entry("teams", List.of("edge")),
                        Map.entry("problem", "policy test: not this\nrelease"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "executables = \"SURE\" | executables: STRING (expected: -128 to 127)",
                "executables = 128 | executables: 128 (expected: -128 to 127)",
                "executables = 2.5 | executables: 2.5 (expected: -128 to 127)",
                "hardware = true | hardware: BOOLEAN (expected: -128 to 127)",
                "status = 7 | status: 7 (expected: 0, 2, 32 or 96)",
                "status = \"good\" | status: STRING (expected: 0, 2, 32 or 96)",
                "status = [WARNING] | status: ARRAY (expected: 0, 2, 32 or 96)",
                "added_claims = 1 | added_claims: 1 (expected: an object of at most 16384 characters)",
                "added_claims = {\"a\": numbers.range(1, 9999)} | added_claims: OBJECT (expected: an object of at most"
                        + " 16384 characters)",
            })
    void aPolicyThatSaysWhatNoneCanContraindicates(String rule, String problem) {
        assertThat(apply(rule + "\n").values()).allSatisfy(submod -> {
            assertThat(submod.status()).isEqualTo(TrustTier.CONTRAINDICATED);
            assertThat(submod.problem()).isEqualTo("policy test: " + problem);
        });
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "status = WARNING { input.submod }\nstatus = AFFIRMING { input.scheme }\n",
                "outcome = {\"status\": AFFIRMING}\n",
            })
    void aPolicyThatContradictsItselfOnTheEvidenceContraindicates(String rules) {
        SubmodAppraisal platform = apply(rules).get(Ear.PLATFORM);

        assertThat(platform.status()).isEqualTo(TrustTier.CONTRAINDICATED);
        assertThat(platform.problem()).isEqualTo("policy test: cannot be evaluated on this evidence");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "not rego | 1 error occurred: policy.rego:1: rego_parse_error: package expected",
                " | empty module",
                "package policy; executables = 2 { x > 1 } | 1 error occurred: policy.rego:2: rego_unsafe_var_error: var x"
                        + " is unsafe (column 19)",
                "package policy; a = x; b = y | 2 errors occurred: policy.rego:2: rego_unsafe_var_error: var x is unsafe"
                        + " (column 5); policy.rego:3: rego_unsafe_var_error: var y is unsafe (column 5)",
                "package other | package: another (expected: package policy)",
                "package policy.sub | package: another (expected: package policy)",
                "package policy; status = data.policy.x | policy: names data.policy",
            })
    void saysWhatIsWrongWithAPolicy(@Nullable String rules, String message) {
        String text = rules == null ? "" : rules.replace("; ", "\n");
        assertThatThrownBy(() -> new RegoEngine(opa).compile(PolicyText.rego("", text)))
                .isInstanceOf(PolicyException.Invalid.class)
                .hasMessageContaining(message);
    }

    @Test
    void refusesALongOneAndABadName() {
        assertThatThrownBy(() -> PolicyText.rego("", "#".repeat(70_000)))
                .hasMessage("policy: 70000 bytes (expected: at most 65536)");
        assertThatThrownBy(() -> PolicyText.rego("a b", "package policy"))
                .hasMessage("name: 3 characters (expected: 1 to 63 letters, digits and .-_)");
    }

    @Test
    void keepsItsPackageAfterCommentsAndItsLines() {
        RegoModule module = RegoModule.of(
                RegoEngine.FRAME, PolicyText.rego("", "# package other\n\n  package\tpolicy # of ours\nx := 1"));

        assertThat(module.text())
                .startsWith(
                        "# package other\n\n  package\trealmesh.attestation.p" + module.id() + " # of ours\nx := 1\n");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "status := CONTRAINDICATED if {\n  submod == \"none\"\n}\n",
                "status := CONTRAINDICATED if submod == \"none\"\n",
                "import rego.v1\nstatus := CONTRAINDICATED if {\n  submod == \"none\"\n}\n",
                "import future.keywords\nstatus := CONTRAINDICATED if {\n  submod == \"none\"\n}\n",
            })
    void rulesOfVersion1KeepTheirConditions(String rules) {
        assertThat(apply(rules))
                .allSatisfy((name, submod) -> assertThat(submod.status())
                        .isEqualTo(FINDINGS.submods().get(name).status()));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "status := 2 if { true } | true",
                "status := 2 if{ true } | true",
                "import future.keywords.in; status := 2 if { true } | true",
                "import rego.v1; status := 2 if { true } | false",
                "import future.keywords.if; status := 2 if { true } | false",
                "status = 2 { input.if } | false",
                "status = 2 # if not | false",
                "status = \"what if { \\\" if {\" | false",
                "status = `if {` | false",
                "iff = 1 { a_if } | false",
                "status = \"open | false",
                "status = `open if | false",
                "# if | false",
            })
    void knowsRulesOfVersion1ThatDoNotSaySo(String text, boolean undeclared) {
        assertThat(RegoText.isUndeclaredVersion1(text)).isEqualTo(undeclared);
    }
}
