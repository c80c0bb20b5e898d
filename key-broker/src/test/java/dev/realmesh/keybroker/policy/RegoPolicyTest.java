// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.keybroker.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.realmesh.kbs.ResourcePath;
import dev.realmesh.policy.PolicyException;
import dev.realmesh.policy.PolicyLanguage;
import dev.realmesh.policy.PolicyText;
import dev.realmesh.policy.opa.Opa;
import dev.realmesh.policy.opa.OpaConfig;
import dev.realmesh.policy.opa.RecordedOpa;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Policies in Rego, Trustee's own among them, by an OPA that takes Rego v0 too and by one that does not.
@ParameterizedClass
@EnumSource(RecordedOpa.Mode.class)
class RegoPolicyTest {
    private static final ResourcePath PATH = ResourcePath.parse("my_repo/Alice/key");
    private static final Map<RecordedOpa.Mode, RecordedOpa> SERVERS = new EnumMap<>(RecordedOpa.Mode.class);

    @Parameter
    private RecordedOpa.Mode mode;

    @BeforeAll
    static void start() {
        for (RecordedOpa.Mode mode : RecordedOpa.Mode.values()) {
            SERVERS.put(mode, RecordedOpa.start(RegoPolicy.FRAME, mode));
        }
    }

    @AfterAll
    static void stop() {
        SERVERS.values().forEach(RecordedOpa::close);
    }

    /// What Trustee's own samples say. That a contraindicated guest is released secrets by two of them is why none of
    /// them is asked before the broker's own rules were.
    @ParameterizedTest
    @CsvSource({
        "default, affirming, cca, true",
        "default, contraindicated, cca, true",
        "default, affirming, sample, false",
        "allow_all, contraindicated, sample, true",
        "deny_all, affirming, cca, false",
        "affirming, affirming, cca, true",
        "affirming, warning, cca, false",
        "affirming, contraindicated, cca, false"
    })
    void trusteesSamplesSayWhatTheySayThere(String policy, String status, String tee, boolean allowed) {
        Map<String, Object> input = Map.of(
                "submods",
                Map.of(
                        "cpu0",
                        Map.of(
                                "ear.status",
                                status,
                                "ear.veraison.annotated-evidence",
                                Map.of(tee, Map.of("svn", 1L)))));

        assertThat(refusal(resource(policy), input, PATH).isEmpty()).isEqualTo(allowed);
    }

    /// The cases of Trustee's own test of its engine (`deps/policy-engine/src/policy/rego.rs`).
    @ParameterizedTest
    @CsvSource({
        "policy_1, my_repo/Alice/key, Alice, 1, true",
        "policy_4, my_repo/Alice/key, Alice, 1, true",
        "policy_1, my_repo/Alice/key, Bob, 1, false",
        "policy_2, my_repo/Alice/key, Bob, 1, true",
        "policy_3, my_repo/Alice/key, Alice, 1, false",
        "policy_5, myrepo/secret/secret, n, 2, false",
        "policy_5, myrepo/secret/secret1, n, 1, false",
        "policy_5, myrepo/secret/secret1, n, 2, true",
        "policy_5, myrepo/secret/secret2, n, 2, false",
        "policy_5, myrepo/secret/secret2, n, 3, true",
        "policy_5, a/b/secret2, n, 3, false"
    })
    void trusteesTestsComeOutAsThere(String policy, String path, String product, long svn, boolean allowed) {
        Map<String, Object> sample = Map.of("sample", Map.of("productId", product, "svn", svn));
        Map<String, Object> input =
                Map.of("submods", Map.of("cpu0", Map.of("ear.veraison.annotated-evidence", sample)));

        assertThat(refusal(resource(policy), input, ResourcePath.parse(path)).isEmpty())
                .isEqualTo(allowed);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "import data.plugin as p\nallow if p == \"resource\"",
                "allow if { data[\"resource-path\"] == [\"my_repo\", \"Alice\", \"key\"]; data.query == {} }",
                "allow if { some s in input.submods; s[\"ear.status\"] == \"affirming\" }",
                "import rego.v1\nallow if claims\nclaims := input.submods\nrequest := 3",
                "allow := count(input.submods) == 1",
                "default allow := false\nallow if not input.absent",
            })
    void seesTheClaimsAsInputAndTheRequestAsData(String rules) {
        assertThat(refusal("package policy\n" + rules + "\n", input(), PATH)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "allow if input.absent | allow is undefined",
                "default allow := false | allow is false",
                "allow := \"yes\" | allow is no boolean",
                "allow := 1 | allow is no boolean",
                "allow contains true if true | allow is no boolean",
                "allow := {\"allow\": true} | allow is no boolean",
                "allow := true if input.submods; allow := false if data.plugin | cannot be evaluated on this result",
                "allow := true; outcome := {\"allow\": [true]} | cannot be evaluated on this result",
                "allow := data.absent.there | allow is undefined",
            })
    void anythingButTrueIsANo(String rules, String why) {
        assertThat(refusal("package policy\n" + rules.replace("; ", "\n") + "\n", input(), PATH))
                .hasValue(why);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "package policy; allow if { x > 1 } | policy.rego:2: rego_unsafe_var_error: var x is unsafe (column 12)",
                "package policy; allow if { | policy.rego:2: rego_parse_error: unexpected eof token (at the end)",
                "package policy; x := 1 | policy: no rule allow (expected: allow, true or false)",
                "package policy; allow(x) := true | used as reference, not called (at the end)",
                "package other; allow := true | package: another (expected: package policy)",
                "allow := true | policy.rego:1: rego_parse_error: package expected",
                "package policy; allow if data.policy.x | policy: names data.policy",
            })
    void saysWhatIsNoPolicyAndWhere(String text, String message) {
        assertThatThrownBy(() -> refusal(text.replace("; allow", "\nallow").replace("; x", "\nx"), input(), PATH))
                .isInstanceOf(PolicyException.Invalid.class)
                .hasMessageContaining(message);
    }

    private static Map<String, Object> input() {
        return Map.of("submods", Map.of("cpu0", Map.of("ear.status", "affirming")));
    }

    private Optional<String> refusal(String text, Map<String, Object> input, ResourcePath path) {
        try (Opa opa = Opa.open(OpaConfig.of(SERVERS.get(mode).uri()), RegoPolicy.FRAME);
                ResourcePolicy policy =
                        RegoPolicy.engine(opa).compile(new PolicyText(PolicyLanguage.REGO, "test", text))) {
            return policy.refusal(new PolicyQuestion(input, path));
        }
    }

    private static String resource(String name) {
        try (InputStream file = RegoPolicyTest.class.getResourceAsStream("/trustee-policies/" + name + ".rego")) {
            return new String(file.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
