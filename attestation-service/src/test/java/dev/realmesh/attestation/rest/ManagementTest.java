// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.attestation.rest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.realmesh.attestation.opa.RegoEngine;
import dev.realmesh.policy.opa.RecordedOpa;
import dev.realmesh.testkit.Vectors;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/// `/management/v1`: what Veraison's own test of it asks (`test_policy_management.tavern.yaml`), what is refused, and
/// what the policy in force does.
class ManagementTest {
    private static final InstantSource CLOCK = InstantSource.fixed(Instant.parse("2026-11-23T12:00:00Z"));
    private static final String RULES = "application/vnd.veraison.policy.opa";
    private static final String POLICY = "/management/v1/policy/";
    private static final String POLICIES = "/management/v1/policies/";
    private static final String SHORT = "package policy\n\nexecutables = APPROVED_RT\n";
    private static final String LOWERING = "package policy\nexecutables = UNSAFE_RT\n";

    @TempDir
    private Path state;

    private final RecordedOpa opa = RecordedOpa.start(RegoEngine.FRAME);
    private RestFixture fixture;

    @BeforeEach
    void open() {
        fixture = RestFixture.openWithOpa(state, RestConfig.loopback(0), CLOCK, opa.uri());
    }

    @AfterEach
    void close() {
        fixture.close();
        opa.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"PSA_IOT", "ARM_CCA"})
    void goesThroughTheLifeOfAPolicy(String scheme) {
        assertThat(get(POLICY + scheme).statusCode()).isEqualTo(404);

        JsonNode first = RestFixture.json(create(scheme, SHORT));
        assertThat(first)
                .isEqualTo(RestFixture.json(
                        get(POLICY + scheme + "/" + first.get("uuid").asString())));
        assertThat(first.get("name").asString()).isEqualTo("default");
        assertThat(first.get("type").asString()).isEqualTo("opa");
        assertThat(first.get("rules").asString()).isEqualTo(SHORT);
        assertThat(first.get("active").asBoolean()).isFalse();
        assertThat(Instant.parse(first.get("ctime").asString())).isEqualTo(CLOCK.instant());
        assertThat(get(POLICY + scheme).statusCode()).isEqualTo(404);

        assertThat(activate(scheme, first).statusCode()).isEqualTo(200);
        assertThat(RestFixture.json(get(POLICY + scheme)).get("uuid")).isEqualTo(first.get("uuid"));
        JsonNode second = RestFixture.json(create(scheme + "?name=test", SHORT));
        assertThat(second.get("name").asString()).isEqualTo("test");
        assertThat(RestFixture.json(get(POLICIES + scheme)))
                .extracting(policy -> policy.get("active").asBoolean())
                .containsExactly(true, false);
        assertThat(RestFixture.json(get(POLICIES + scheme + "?name=test"))).containsExactly(second);

        assertThat(post(POLICIES + scheme + "/deactivate").statusCode()).isEqualTo(200);
        assertThat(RestFixture.json(get(POLICIES + scheme)))
                .extracting(policy -> policy.get("active").asBoolean())
                .containsExactly(false, false);
    }

    @Test
    void schemesHaveTheirOwnPolicies() {
        JsonNode policy = RestFixture.json(create("PSA_IOT", LOWERING));
        assertThat(activate("PSA_IOT", policy).statusCode()).isEqualTo(200);

        assertThat(activate("ARM_CCA", policy).statusCode()).isEqualTo(404);
        assertThat(get(POLICY + "ARM_CCA").statusCode()).isEqualTo(404);
        assertThat(result()).contains("\"ear.status\":\"affirming\"").doesNotContain("warning");
    }

    @Test
    void whatIsActiveHolds() {
        activate("ARM_CCA", RestFixture.json(create("ARM_CCA", LOWERING)));
        assertThat(result()).contains("\"ear.status\":\"warning\"").doesNotContain("affirming");

        opa.goAway();
        HttpResponse<String> failed =
                fixture.submit(fixture.newSession(), Vectors.bytes("attestation/tokens/good-399.cbor"));
        assertThat(failed.statusCode()).isEqualTo(503);
        assertThat(failed.body()).contains("verifier: not available");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "POST | policy/NOPE | 400 | unrecognised scheme \\\"NOPE\\\"",
                "GET | policy/NOPE | 400 | unrecognised scheme \\\"NOPE\\\"",
                "GET | policies/NOPE | 400 | unrecognised scheme \\\"NOPE\\\"",
                "POST | policies/NOPE/deactivate | 400 | unrecognised scheme \\\"NOPE\\\"",
                "POST | policies/ARM_CCA/deactivate | 404 | no policy found: \\\"0:ARM_CCA:opa\\\"",
                "GET | policies/ARM_CCA | 404 | no policy found: \\\"0:ARM_CCA:opa\\\"",
                "GET | policy/ARM_CCA/1 | 400 | bad UUID \\\"1\\\"",
                "POST | policy/ARM_CCA/1/activate | 400 | bad UUID \\\"1\\\"",
                "POST | policy/ARM_CCA?name=a%20b | 400 | invalid policy: name: 3 characters",
                "PUT | policy/ARM_CCA | 404 | 404 page not found",
                "DELETE | policies/ARM_CCA | 404 | 404 page not found",
                "GET | other | 404 | 404 page not found",
            })
    void saysWhatIsWrongWithARequest(String method, String path, int status, String text) {
        HttpResponse<String> response = send(method, "/management/v1/" + path, Map.of("Content-Type", RULES), SHORT);

        assertThat(response.statusCode()).isEqualTo(status);
        assertThat(response.body()).contains(text);
    }

    @Test
    void saysWhichIsNotThere() {
        create("ARM_CCA", SHORT);
        String id = "00000000-0000-4000-8000-000000000000";
        for (HttpResponse<String> response :
                java.util.List.of(get(POLICY + "ARM_CCA/" + id), post(POLICY + "ARM_CCA/" + id + "/activate"))) {
            assertThat(response.statusCode()).isEqualTo(404);
            assertThat(response.body()).contains("no policy found with UUID \\\"" + id + "\\\" under key");
        }
    }

    @Test
    void storesNothingThatIsNoPolicy() {
        assertThat(create("ARM_CCA", "package policy\nstatus = x\n").body())
                .contains("\"detail\":\"invalid policy: 1 error occurred: policy.rego:2: rego_unsafe_var_error:");
        assertThat(create("ARM_CCA", "").body()).contains("empty body");
        assertThat(send("POST", POLICY + "ARM_CCA", Map.of("Content-Type", "text/plain"), SHORT)
                        .body())
                .contains("the only supported rules format is " + RULES);
        assertThat(send("POST", POLICY + "ARM_CCA", Map.of(), SHORT).statusCode())
                .isEqualTo(400);
        assertThat(send("POST", POLICY + "ARM_CCA", Map.of("Content-Type", RULES, "Accept", "application/json"), SHORT)
                        .statusCode())
                .isEqualTo(406);
        assertThat(create("ARM_CCA", "#".repeat(70_000)).statusCode()).isEqualTo(400);
        assertThat(create("ARM_CCA", "#".repeat(200_000)).statusCode()).isEqualTo(413);

        assertThat(get(POLICIES + "ARM_CCA").statusCode()).isEqualTo(404);
    }

    @Test
    void asksForTheAdminToken() {
        for (String path : new String[] {POLICY + "ARM_CCA", POLICIES + "ARM_CCA"}) {
            assertThat(fixture.get(path).statusCode()).isEqualTo(401);
        }
        assertThat(fixture.post(
                                POLICY + "ARM_CCA",
                                Map.of("Content-Type", RULES, "Authorization", "Bearer other"),
                                SHORT.getBytes(StandardCharsets.UTF_8))
                        .statusCode())
                .isEqualTo(401);
        assertThat(fixture.get("/.well-known/veraison/management").statusCode()).isEqualTo(200);
        assertThat(get(POLICIES + "ARM_CCA").statusCode()).isEqualTo(404);
    }

    @Test
    void whileOpaIsAwayNothingIsStored() {
        opa.goAway();
        HttpResponse<String> response = create("ARM_CCA", SHORT);
        assertThat(response.statusCode()).isEqualTo(503);
        assertThat(response.body()).contains("OPA, ");
        assertThat(get(POLICIES + "ARM_CCA").statusCode()).isEqualTo(404);
    }

    @Test
    void withoutAnOpaItSaysHowToGetOne() {
        fixture.close();
        fixture = RestFixture.open(state, RestConfig.loopback(0), CLOCK);
        HttpResponse<String> response = create("ARM_CCA", SHORT);
        assertThat(response.statusCode()).isEqualTo(501);
        assertThat(response.body()).contains("no OPA is configured (expected: attestation-service.opa.url");
        assertThat(get(POLICIES + "ARM_CCA").statusCode()).isEqualTo(404);
    }

    private String result() {
        fixture.provisioned();
        HttpResponse<String> response =
                fixture.submit(fixture.newSession(), Vectors.bytes("attestation/tokens/good-399.cbor"));
        String payload = RestFixture.json(response).get("result").asString().split("\\.")[1];
        return new String(java.util.Base64.getUrlDecoder().decode(payload), StandardCharsets.UTF_8);
    }

    private HttpResponse<String> create(String scheme, String rules) {
        return send("POST", POLICY + scheme, Map.of("Content-Type", RULES), rules);
    }

    private HttpResponse<String> activate(String scheme, JsonNode policy) {
        return post(POLICY + scheme + "/" + policy.get("uuid").asString() + "/activate");
    }

    private HttpResponse<String> get(String path) {
        return send("GET", path, Map.of(), "");
    }

    private HttpResponse<String> post(String path) {
        return send("POST", path, Map.of(), "");
    }

    private HttpResponse<String> send(String method, String path, Map<String, String> headers, String body) {
        Map<String, String> all = new java.util.HashMap<>(headers);
        all.put("Authorization", "Bearer " + fixture.adminToken);
        return fixture.send(method, path, all, body.getBytes(StandardCharsets.UTF_8));
    }
}
