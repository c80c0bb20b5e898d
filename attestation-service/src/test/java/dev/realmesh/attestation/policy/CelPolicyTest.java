// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.attestation.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.realmesh.cca.Bytes;
import dev.realmesh.cca.ear.Ear;
import dev.realmesh.cca.ear.SubmodAppraisal;
import dev.realmesh.cca.ear.TrustClaim;
import dev.realmesh.cca.ear.TrustTier;
import dev.realmesh.cca.ear.TrustVector;
import dev.realmesh.policy.PolicyException;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Policies in CEL: what they see, what they do, and what is none.
class CelPolicyTest {
    private static final Bytes NONCE = Bytes.copyOf(new byte[64]);
    private static final Map<String, SubmodAppraisal> GOOD = Map.of(
            Ear.PLATFORM,
            appraisal(Map.of(
                    "cca-platform-lifecycle",
                    12288L,
                    "cca-platform-sw-components",
                    List.of(Map.of("measurement-type", "BL", "version", "3.4.2")))),
            Ear.REALM,
            appraisal(Map.of("cca-realm-challenge", NONCE.base64())));

    private static final List<Map<String, Object>> ENDORSED =
            List.of(Map.of("environment", Map.of("class", Map.of("id", Map.of("type", "bytes", "value", "AQID")))));

    private static SubmodAppraisal appraisal(Map<String, Object> evidence) {
        TrustVector vector = TrustVector.NO_CLAIM.with(TrustClaim.EXECUTABLES, 2);
        return SubmodAppraisal.of(vector, "policy:ARM_CCA", "").annotated(evidence);
    }

    private static Map<String, SubmodAppraisal> apply(String document) {
        return AppraisalPolicies.apply(CelPolicy.compile(document), "id", new Findings(NONCE, GOOD, () -> ENDORSED));
    }

    private static String rule(String when) {
        return """
                name: test
                rules:
                  - {name: only, submod: CCA_SSD_PLATFORM, when: '%s', status: warning, reason: because}
                """.formatted(when);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "true",
                "scheme == \"ARM_CCA\" && submod == \"CCA_SSD_PLATFORM\"",
                "nonce.size() == 88",
                "result.status == \"affirming\" && result.problem == \"\"",
                "result.vector.executables == 2 && result.vector[\"instance-identity\"] == 0",
                "evidence[\"cca-platform-lifecycle\"] >= 12288",
                "evidence[\"cca-platform-sw-components\"].exists(c, c[\"measurement-type\"] == \"BL\""
                        + " && c.version.startsWith(\"3.4\"))",
                "!(\"cca-platform-service-indicator\" in evidence)",
                "evidence.platform[\"cca-platform-lifecycle\"] == 12288"
                        + " && evidence.realm[\"cca-realm-challenge\"] == nonce",
                "session.nonce.startsWith(\"AAAA\") && result[\"ear.status\"] == result.status",
                "endorsements.exists(e, e.environment.class.id.value == \"AQID\")",
            })
    void seesWhatTheSchemeFound(String when) {
        SubmodAppraisal platform = apply(rule(when)).get(Ear.PLATFORM);

        assertThat(platform.status()).isEqualTo(TrustTier.WARNING);
        assertThat(platform.problem()).isEqualTo("policy test, rule only: because");
        assertThat(platform.policyId()).isEqualTo("policy:ARM_CCA/id");
    }

    @Test
    void leavesOtherSubmodsAndVerdictsOfRulesThatDoNotHold() {
        assertThat(apply(rule("true")).get(Ear.REALM).status()).isEqualTo(TrustTier.AFFIRMING);
        assertThat(apply(rule("false")).get(Ear.PLATFORM))
                .returns(TrustTier.AFFIRMING, SubmodAppraisal::status)
                .returns("", SubmodAppraisal::problem);
    }

    @Test
    void setsClaimsAndAddsClaimsInEachSubmod() {
        Map<String, SubmodAppraisal> applied = apply("""
                {"name": "json", "rules": [{"name": "all", "when": "true", "reason": "old",
                 "claims": {"executables": 33, "hardware": 2}, "add": {"ticket": 7, "team": "edge"}}]}
                """);

        assertThat(applied.values()).allSatisfy(submod -> {
            assertThat(submod.status()).isEqualTo(TrustTier.WARNING);
            assertThat(submod.vector().get(TrustClaim.EXECUTABLES)).isEqualTo(33);
            assertThat(submod.vector().get(TrustClaim.HARDWARE)).isZero();
            assertThat(submod.policyClaims()).containsEntry("ticket", 7L).containsEntry("team", "edge");
        });
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "evidence[\"absent\"] == 1",
                "evidence[\"cca-platform-lifecycle\"]",
                "1 / (result.vector.executables - 2) == 1",
                "evidence[\"cca-platform-lifecycle\"] == 1 || evidence.absent.deep",
            })
    void aRuleThatCannotBeEvaluatedContraindicates(String when) {
        SubmodAppraisal platform = apply(rule(when)).get(Ear.PLATFORM);

        assertThat(platform.status()).isEqualTo(TrustTier.CONTRAINDICATED);
        assertThat(platform.problem()).isEqualTo("policy test, rule only: cannot be evaluated on this evidence");
    }

    @Test
    void aRuleThatCostsTooMuchContraindicates() {
        String list = "[1,2,3,4,5,6,7,8,9,10]";
        String when = (list + ".all(a, " + list + ".all(b, " + list + ".all(c, " + list + ".all(d, " + list
                + ".all(e, true)))))");

        assertThat(apply(rule(when)).get(Ear.PLATFORM).status()).isEqualTo(TrustTier.CONTRAINDICATED);
    }

    @Test
    void evidenceThatWasRefusedStaysAsItIs() {
        Map<String, SubmodAppraisal> refused =
                Map.of(Ear.REFUSED, SubmodAppraisal.of(TrustVector.REFUSED, "policy:ARM_CCA", "bad"));

        assertThat(AppraisalPolicies.apply(
                        CelPolicy.compile(rule("true")), "id", new Findings(NONCE, refused, List::of)))
                .isEqualTo(refused);
    }

    @ParameterizedTest
    @MethodSource("noPolicies")
    void saysWhatIsWrongWithADocument(String document, String message) {
        assertThatThrownBy(() -> CelPolicy.compile(document))
                .isInstanceOf(PolicyException.Invalid.class)
                .hasMessageContaining(message);
    }

    static Stream<Arguments> noPolicies() {
        String good = rule("true");
        return Stream.of(
                Arguments.of("", "policy: no mapping"),
                Arguments.of("- 1", "policy: no mapping"),
                Arguments.of("{", "expected: YAML or JSON"),
                Arguments.of(good + "name: twice\n", "expected: YAML or JSON"),
                Arguments.of("x".repeat(70_000), "policy: 70000 bytes (expected: at most 65536)"),
                Arguments.of(good + "other: 1\n", "policy: 'other' (expected: of name, rules)"),
                Arguments.of("name: a\nrules: []", "rules: 0 of them (expected: 1 to 64)"),
                Arguments.of("name: a", "rules: no list (expected: 1 to 64)"),
                Arguments.of(good.replace("name: test", "name: 'a b'"), "name: \"a b\" (expected: 1 to 63 letters"),
                Arguments.of(
                        good.replace("submod: CCA_SSD_PLATFORM", "submod: ARM_CCA"), "rule only: submod: \"ARM_CCA\""),
                Arguments.of(good.replace("warning", "affirming"), "rule only: status: \"affirming\" (expected: none,"),
                Arguments.of(good.replace("status: warning", "add: {}"), "rule only: effect: none"),
                Arguments.of(good.replace("status: warning", "claims: {speed: 3}"), "rule only: claims: 'speed'"),
                Arguments.of(
                        good.replace("status: warning", "claims: {hardware: 0}"), "hardware: 0 (expected: 2 to 127)"),
                Arguments.of(good.replace("status: warning", "claims: {hardware: x}"), "hardware: \"x\""),
                Arguments.of(good.replace("status: warning", "claims: 7"), "claims: 7 (expected: a mapping)"),
                Arguments.of(good.replace("status: warning", "add: {problem: x}"), "add: 'problem'"),
                Arguments.of(good.replace("status: warning", "add: {a: [1]}"), "rule only: a: [1]"),
                Arguments.of(good.replace(", reason: because", ""), "rule only: reason: absent"),
                Arguments.of(good.replace("when: 'true', ", ""), "rule only: when: absent"),
                Arguments.of(rule("1 +"), "rule only: when: "),
                Arguments.of(rule("1 + 1"), "rule only: when: expected type 'bool' but found 'int'"),
                Arguments.of(rule("unknown == 1"), "undeclared reference to 'unknown'"),
                Arguments.of(rule("submod == 1"), "rule only: when: found no matching overload"),
                Arguments.of(rule("[1].map(x, x) == [1]"), "undeclared reference to 'map'"),
                Arguments.of(rule("!".repeat(20) + "(".repeat(40) + "true" + ")".repeat(40)), "rule only: when: "),
                Arguments.of(rule("true" + " || true".repeat(300)), "text of 1 to 2000 characters"),
                Arguments.of(good + good.lines().skip(2).findFirst().orElseThrow(), "rule only: twice"));
    }
}
