// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.keybroker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.realmesh.keybroker.admin.AdminConfig;
import dev.realmesh.policy.opa.RecordedOpa;
import dev.realmesh.policy.opa.RegoFrame;
import dev.realmesh.proto.keybroker.v1.ListResourcePoliciesRequest;
import dev.realmesh.proto.keybroker.v1.PolicyLanguage;
import dev.realmesh.proto.keybroker.v1.ResourcePolicy;
import dev.realmesh.testkit.Vectors;
import io.grpc.Status;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Policies and reference values over HTTP, as `kbs-client` sets them.
class AdministrationOverHttpTest {
    private static final String POLICY = "package policy\ndefault allow = true\n";

    @TempDir
    Path folder;

    private final RecordedOpa opa = RecordedOpa.start(RegoFrame.of("keybroker", KeyBroker.class, "policy/frame.rego"));
    private BrokerUnderTest broker;
    private KbsClientUnderTest client;

    @BeforeEach
    void open() throws Exception {
        Path token = Files.writeString(folder.resolve("attestation.token"), "token\n");
        broker = new BrokerUnderTest(
                folder, BrokerUnderTest.Options.DEFAULT.withOpa(opa.uri()).withVerifierAdminToken(token));
        client = new KbsClientUnderTest(broker);
    }

    @AfterEach
    void close() {
        client.close();
        broker.close();
        opa.close();
    }

    @Test
    void putsAPolicyInForceAndSaysWhatThereIs() {
        assertThat(post("resource-policy", policy(POLICY)).statusCode()).isEqualTo(200);
        assertThat(post("resource-policy", policy(POLICY)).statusCode()).isEqualTo(200);

        assertThat(policies())
                .singleElement()
                .returns(true, ResourcePolicy::getActive)
                .returns(POLICY, ResourcePolicy::getText)
                .returns(PolicyLanguage.POLICY_LANGUAGE_REGO, ResourcePolicy::getLanguage);
        assertThat(get("resource-policy").body()).isEqualTo("[\"resource-policy\"]");
        assertThat(broker.audit())
                .containsExactly("admin:admin-token POLICY resource-policy 1 DONE put and in force, opa, id "
                        + policies().getFirst().getPolicyId());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "[] | ParsePolicyError",
                "{} | ParsePolicyError",
                "{\"policy\":1} | ParsePolicyError",
                "{\"policy\":\"a+b/\"} | ParsePolicyError",
                "{\"policy\":\"cGFja2FnZQ==\"} | ParsePolicyError",
                "{\"policy\":\"gICA\"} | ParsePolicyError",
                "{\"policy\":\"cGFja2FnZSBvdGhlcg\"} | PolicyEngineError",
            })
    void refusesWhatIsNoPolicy(String body, String kind) {
        refused(post("resource-policy", body), 401, kind);
        assertThat(policies()).isEmpty();
        assertThat(broker.audit()).isEmpty();
    }

    @Test
    void refusesAPolicyOverTheLimit() {
        refused(post("resource-policy", policy("#".repeat(70_000))), 401, "PolicyEngineError");
        refused(post("resource-policy", policy("#".repeat(150_000))), 413, "PayloadTooLarge");
    }

    @Test
    void storesNothingWhileOpaIsAway() {
        opa.goAway();
        refused(post("resource-policy", policy(POLICY)), 503, "Unavailable");
        assertThat(policies()).isEmpty();
    }

    @Test
    void saysThatRegoNeedsAnOpa() {
        try (BrokerUnderTest without = new BrokerUnderTest(folder.resolve("without"));
                KbsClientUnderTest other = new KbsClientUnderTest(without)) {
            HttpResponse<String> answer = other.send(
                    "POST",
                    "/kbs/v0/resource-policy",
                    Map.of("Authorization", "Bearer " + without.adminToken()),
                    policy(POLICY));
            refused(answer, 501, "PolicyEngineError");
            assertThat(answer.body()).contains("key-broker.opa.url");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"resource-policy", "attestation-policy", "reference-value"})
    void isForAdministratorsOnly(String path) {
        for (Map<String, String> headers : List.of(
                Map.<String, String>of(), Map.of("Authorization", "Bearer x"), Map.of("Cookie", "kbs-session-id=00"))) {
            refused(client.send("POST", "/kbs/v0/" + path, headers, policy(POLICY)), 401, "AdminAuthAccess");
        }
        refused(client.send("GET", "/kbs/v0/resource-policy", Map.of(), ""), 401, "AdminAuthAccess");
        refused(client.send("GET", "/kbs/v0/reference-value/x", Map.of(), ""), 401, "AdminAuthAccess");
        assertThat(policies()).isEmpty();
        assertThat(broker.administration.calls).isEmpty();
    }

    @Test
    void asksRolesForThePath() {
        String authorization = KbsClientUnderTest.JSON
                .readTree(Vectors.bytes("coco/kbs-http/admin.json"))
                .get(0)
                .at("/request/headers/Authorization")
                .stringValue();
        AdminConfig admins = new AdminConfig(
                "TrusteeInDocker",
                "KBS",
                List.of(Vectors.path("coco/kbs-http/admin-public.pem")),
                List.of("admin /kbs/v0/resource-policy"));
        try (BrokerUnderTest guarded = new BrokerUnderTest(folder.resolve("guarded"), admins);
                KbsClientUnderTest other = new KbsClientUnderTest(guarded)) {
            guarded.clock.advance(Duration.ofMinutes(-70));
            Map<String, String> headers = Map.of("Authorization", authorization);
            assertThat(other.send("GET", "/kbs/v0/resource-policy", headers, "").statusCode())
                    .isEqualTo(200);
            refused(other.send("GET", "/kbs/v0/reference-value/a", headers, ""), 401, "AdminAuthAccess");
            refused(other.send("POST", "/kbs/v0/attestation-policy", headers, "{}"), 401, "AdminAuthAccess");
        }
    }

    @Test
    void handsReferenceValuesOn() {
        broker.administration.referenceValues.put("a", "{\"b\": [1]}");
        broker.administration.referenceValues.put("broken", "{");

        assertThat(get("reference-value/a").body()).isEqualTo("{\"b\":[1]}");
        refused(get("reference-value/none"), 401, "RvpsError");
        refused(get("reference-value/broken"), 502, "SerdeError");
        assertThat(post("reference-value", "{}").statusCode()).isEqualTo(200);
        broker.administration.answer = Status.INVALID_ARGUMENT.withDescription("message: no");
        refused(post("reference-value", "{}"), 401, "RvpsError");
        assertThat(broker.audit())
                .containsExactly(
                        "admin:admin-token VERIFIER reference values DONE ",
                        "admin:admin-token VERIFIER reference values REFUSED message: no");
        assertThat(broker.administration.calls).contains("RegisterReferenceValue by Bearer token");
    }

    @ParameterizedTest
    @CsvSource({"UNAVAILABLE, 503", "DEADLINE_EXCEEDED, 503", "INTERNAL, 503", "UNAUTHENTICATED, 501"})
    void verifierThatIsAwayIsNoRefusal(Status.Code code, int status) {
        broker.administration.answer = code.toStatus();
        String body = "{\"policy_id\":\"default_cpu\",\"policy\":\"x\",\"type\":\"rego\"}";

        assertThat(post("attestation-policy", body).statusCode()).isEqualTo(status);
        assertThat(post("reference-value", "{}").statusCode()).isEqualTo(status);
    }

    @Test
    void withoutTheVerifiersTokenNothingIsChangedThere() {
        try (BrokerUnderTest without = new BrokerUnderTest(folder.resolve("without"));
                KbsClientUnderTest other = new KbsClientUnderTest(without)) {
            HttpResponse<String> answer = other.send(
                    "POST", "/kbs/v0/reference-value", Map.of("Authorization", "Bearer " + without.adminToken()), "{}");
            refused(answer, 501, "RvpsError");
            assertThat(answer.body()).contains("verifier-admin-token-file: absent");
            assertThat(without.administration.calls).isEmpty();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "GET, attestation-policy",
        "DELETE, resource-policy",
        "GET, resource-policy/x",
        "DELETE, reference-value/x",
        "GET, reference-value/x/y"
    })
    void otherMethodsAndPathsAreNone(String method, String path) {
        refused(send(method, path, ""), 404, "PluginNotFound");
    }

    private static String policy(String text) {
        String encoded = Base64.getUrlEncoder().withoutPadding().encodeToString(text.getBytes(StandardCharsets.UTF_8));
        return "{\"policy\":\"" + encoded + "\"}";
    }

    private HttpResponse<String> post(String path, String body) {
        return send("POST", path, body);
    }

    private HttpResponse<String> get(String path) {
        return send("GET", path, "");
    }

    private HttpResponse<String> send(String method, String path, String body) {
        return client.send(method, "/kbs/v0/" + path, Map.of("Authorization", "Bearer " + broker.adminToken()), body);
    }

    private List<ResourcePolicy> policies() {
        return broker.policies()
                .listResourcePolicies(ListResourcePoliciesRequest.getDefaultInstance())
                .getPoliciesList();
    }

    private static void refused(HttpResponse<String> answer, int status, String kind) {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
        assertThat(KbsClientUnderTest.kind(answer)).isEqualTo(kind);
    }
}
