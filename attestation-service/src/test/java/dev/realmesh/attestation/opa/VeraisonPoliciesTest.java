// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.attestation.opa;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.realmesh.policy.PolicyException;
import dev.realmesh.policy.PolicyText;
import dev.realmesh.policy.opa.Opa;
import dev.realmesh.policy.opa.OpaConfig;
import dev.realmesh.policy.opa.RecordedOpa;
import dev.realmesh.policy.opa.RegoModule;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Veraison's own policies, unchanged, and what its own tests say of them: `policy/test` and
/// `integration-tests/data/policies` of veraison/services (6b88102), in the resources `veraison-policies`.
class VeraisonPoliciesTest {
    private static final JsonMapper JSON = JsonMapper.shared();
    private static final String FOLDER = "/veraison-policies/";

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

    static Stream<Arguments> validations() {
        return vectors("validate-vectors.json");
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("validations")
    void takesAndRefusesWhatVeraisonTakesAndRefuses(String title, JsonNode vector) {
        PolicyText policy = policy(vector);
        if (vector.get("error").isNull()) {
            assertThat(new RegoEngine(opa).compile(policy)).isNotNull();
            return;
        }
        String inItsWords = vector.get("error").asString().lines().findFirst().orElseThrow();
        assertThatThrownBy(() -> new RegoEngine(opa).compile(policy))
                .isInstanceOf(PolicyException.Invalid.class)
                .hasMessageStartingWith(inItsWords);
    }

    static Stream<Arguments> evaluations() {
        return vectors("evaluate-vectors.json")
                .filter(arguments -> ((JsonNode) arguments.get()[1])
                        .get("expected")
                        .get("error")
                        .isNull());
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("evaluations")
    void evaluatesToWhatVeraisonEvaluatesTo(String title, JsonNode vector) {
        RegoModule module = RegoModule.of(RegoEngine.FRAME, policy(vector));
        Map<String, Object> input = new TreeMap<>();
        input.put("scheme", vector.get("scheme").asString());
        input.put("session", Map.of("nonce", "AAAAAAAAAAA="));
        input.put("result", object(resource(vector.get("result").asString())));
        input.put(
                "evidence", object(resource(vector.get("evidence").asString())).get("evidence"));
        input.put(
                "endorsements",
                JSON.readValue(resource(vector.get("endorsements").asString()), List.class));

        JsonNode outcome = opa.outcome(module, input).orElseThrow();

        JsonNode expected = vector.at("/expected/outcome/submods/test");
        assertThat(outcome.get("status")).isEqualTo(expected.get("ear.status"));
        assertThat(outcome.get("trust-vector")).isEqualTo(expected.get("ear.trustworthiness-vector"));
        assertThat(outcome.get("added-claims")).isEqualTo(expected.get("ear.veraison.policy-claims"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"psa-short", "psa", "cca-verify-challenge"})
    void takesThoseOfItsIntegrationTests(String name) {
        assertThat(new RegoEngine(opa).compile(PolicyText.rego("", resource("integration/" + name + ".rego"))))
                .isNotNull();
    }

    @Test
    void ordersSemanticVersionsAsVeraisonDoes() {
        RegoModule module = RegoModule.of(RegoEngine.FRAME, PolicyText.rego("", """
                package policy
                versions := ["3.4.9", "3.5", "3.10.1", "3.10.1", "4"]
                added_claims = {"order": [semver_cmp(versions[i], versions[i + 1]) | versions[i]; versions[i + 1]]}
                """));
        assertThat(opa.outcome(module, Map.of()).orElseThrow().at("/added-claims/order"))
                .isEqualTo(JSON.readTree("[-1, -1, 0, -1]"));
    }

    private static Stream<Arguments> vectors(String file) {
        return JSON.readTree(resource(file))
                .valueStream()
                .map(vector -> Arguments.of(vector.get("title").asString(), vector));
    }

    private static PolicyText policy(JsonNode vector) {
        return PolicyText.rego("", resource(vector.get("policy").asString()));
    }

    private static Map<?, ?> object(String json) {
        return JSON.readValue(json, Map.class);
    }

    private static String resource(String name) {
        try (InputStream file =
                VeraisonPoliciesTest.class.getResourceAsStream(FOLDER + name.replaceFirst("^test/", ""))) {
            return new String(file.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
