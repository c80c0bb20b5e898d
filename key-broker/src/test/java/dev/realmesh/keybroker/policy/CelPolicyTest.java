// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.keybroker.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.realmesh.cca.ear.EarClaims;
import dev.realmesh.kbs.ResourcePath;
import dev.realmesh.policy.PolicyException;
import dev.realmesh.policy.PolicyLanguage;
import dev.realmesh.testkit.Vectors;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/// Policies in CEL about a result that a real Trustee made of a Realm (`coco/kbs-http/ear-cca.claims.json`).
class CelPolicyTest {
    private static final Map<String, Object> CLAIMS = JsonMapper.shared()
            .readValue(Vectors.bytes("coco/kbs-http/ear-cca.claims.json"), new TypeReference<Map<String, Object>>() {});
    private static final PolicyQuestion QUESTION = new PolicyQuestion(
            EarClaims.of(CLAIMS).forPolicies(Map.of()), ResourcePath.parse("team-a/image-key/app.1"));

    @ParameterizedTest
    @ValueSource(
            strings = {
                "true",
                "data.plugin == 'resource' && data['resource-path'] == ['team-a', 'image-key', 'app.1']",
                "size(data.query) == 0",
                "input.submods.cpu0['ear.status'] == 'affirming'",
                "input.submods.all(name, input.submods[name]['ear.status'] == 'affirming')",
                "input.submods.cpu0['ear.veraison.annotated-evidence'].cca.realm['cca-realm-initial-measurement']"
                        + ".startsWith('rof79/EF')",
                "input.submods.cpu0['ear.veraison.annotated-evidence'].runtime_data_claims['tee-pubkey'].crv == 'P-256'",
                "!has(input.submods.cpu0['ear.veraison.annotated-evidence'].sample)",
                "'cca' in dyn(input.submods.cpu0['ear.veraison.annotated-evidence'])",
                "input.submods.cpu0['ear.trustworthiness-vector'].executables in [2, 3]",
                "input.submods.cpu0['ear.veraison.annotated-evidence'].init_data_claims == null",
                "data['resource-path'][0] != 'team-a' || input.submods.cpu0['ear.veraison.annotated-evidence'].cca.realm"
                        + "['cca-realm-initial-measurement'] in ['other', 'rof79/EF5xp4J8tvCJaInHPSvq9IMNT5ywXj6Ww/x7T6oEyvNqJr"
                        + "0JTPnHtzhhfkwYmq7hhN7dpdegPDnb2sfA==']",
                "data['resource-path'][0].matches('^team-[a-c]$')",
                "timestamp(input.iat) < timestamp('2027-01-01T00:00:00Z')",
            })
    void allowsWhatItHoldsFor(String text) {
        assertThat(policy(text).refusal(QUESTION)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "false | is false",
                "data['resource-path'][0] == 'team-b' | is false",
                "input.submods.CCA_REALM['ear.status'] == 'affirming' | cannot be evaluated on this result",
                "data['resource-path'][3] == 'x' | cannot be evaluated on this result",
                "input.submods | cannot be evaluated on this result",
                "1 / size(data.query) == 1 | cannot be evaluated on this result",
            })
    void refusesWhatItDoesNotHoldForAndWhereItCannotSay(String text, String why) {
        assertThat(policy(text).refusal(QUESTION)).hasValue(why);
    }

    @Test
    void refusesWhatCostsTooMuch() {
        String list = "[1,2,3,4,5,6,7,8,9,10]";
        String text = list + ".all(a, " + list + ".all(b, " + list + ".all(c, " + list + ".all(d, " + list
                + ".all(e, true)))))";

        assertThat(policy(text).refusal(QUESTION)).hasValue("cannot be evaluated on this result");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "1 + | policy: ",
                "1 + 1 | policy: expected type 'bool' but found 'int', line 1, column 3 (expected: a CEL expression that is a"
                        + " bool)",
                "\"true\" | policy: expected type 'bool' but found 'string'",
                "inputs == 1 | policy: undeclared reference to 'inputs'",
                "data.plugin == 'resource' && output | line 1, column 30",
                "[1].map(x, x) == [1] | policy: undeclared reference to 'map'",
                "package policy | policy: ",
            })
    void saysWhatIsNoPolicyAndWhere(String text, String message) {
        assertThatThrownBy(() -> policy(text))
                .isInstanceOf(PolicyException.Invalid.class)
                .hasMessageContaining(message);
    }

    @Test
    void refusesALongOneABadNameAndNone() {
        assertThatThrownBy(() -> policy("true" + " || true".repeat(2000))).isInstanceOf(PolicyException.Invalid.class);
        assertThatThrownBy(() -> policy("")).isInstanceOf(PolicyException.Invalid.class);
        assertThatThrownBy(() -> ResourcePolicies.text(PolicyLanguage.CEL, "", " ".repeat(70_000)))
                .hasMessage("policy: 70000 bytes (expected: at most 65536)");
        assertThatThrownBy(() -> ResourcePolicies.text(PolicyLanguage.CEL, "a b", "true"))
                .hasMessageStartingWith("name: 3 characters");
    }

    private static CelPolicy policy(String text) {
        return CelPolicy.compile(ResourcePolicies.text(PolicyLanguage.CEL, "", text));
    }
}
