// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.keybroker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.realmesh.kbs.Initdata;
import dev.realmesh.kbs.KbsJwe;
import dev.realmesh.kbs.SecretBytes;
import dev.realmesh.kbs.TeeKey;
import dev.realmesh.keybroker.admin.AdminConfig;
import dev.realmesh.policy.opa.RecordedOpa;
import dev.realmesh.policy.opa.RegoFrame;
import dev.realmesh.proto.keybroker.v1.ListResourcePoliciesRequest;
import dev.realmesh.testkit.Vectors;
import io.grpc.Status;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/// Exchanges recorded from Trustee's KBS (`coco/kbs-http`): the same requests get the same status and kind of refusal.
/// Where a recording speaks of the TEE `sample`, whose evidence proves nothing and which there is none of here, `cca`
/// stands in its place.
class RecordedKbsTest {
    private static final String RECORDED = "coco/kbs-http/";

    @TempDir
    Path folder;

    private final RecordedOpa opa = RecordedOpa.start(RegoFrame.of("keybroker", KeyBroker.class, "policy/frame.rego"));
    private BrokerUnderTest broker;
    private KbsClientUnderTest guest;

    @BeforeEach
    void open() throws IOException {
        AdminConfig admins = new AdminConfig(
                "TrusteeInDocker",
                "KBS",
                List.of(Vectors.path(RECORDED + "admin-public.pem")),
                List.of("admin .*", "writer /kbs/v0/resource/team-a/.+"));
        Path token = Files.writeString(folder.resolve("attestation.token"), "of attestation-service");
        broker = new BrokerUnderTest(
                folder,
                BrokerUnderTest.Options.administeredBy(admins)
                        .withOpa(opa.uri())
                        .withVerifierAdminToken(token));
        // The recorded tokens of administrators were good then.
        broker.clock.advance(Duration.ofMinutes(-70));
        guest = new KbsClientUnderTest(broker);
    }

    @AfterEach
    void close() {
        guest.close();
        broker.close();
        opa.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"errors-auth", "errors-attest"})
    void refusesHandshakesAsRecorded(String recording) {
        for (JsonNode exchange : recording(recording)) {
            requireRecorded(exchange);
        }
    }

    @Test
    void answersPathsAndMethodsAsRecorded() {
        guest.auth().attest(broker.initdata);
        for (JsonNode exchange : recording("errors-paths")) {
            requireRecorded(exchange);
        }
    }

    /// All but the sample plugin, which is for Trustee's own tests.
    @Test
    void letsAdministratorsDoWhatTheirRolesMayAsRecorded() {
        broker.administration.referenceValues.put("launch_digest", "[\"abcde\"]");
        int replayed = 0;
        for (JsonNode exchange : recording("admin")) {
            if (!exchange.at("/request/path").stringValue().startsWith("/kbs/v0/sample/")) {
                requireRecorded(exchange);
                replayed++;
            }
        }
        assertThat(replayed).isEqualTo(9);
        assertThat(broker.administration.calls)
                .containsExactly(
                        "RegisterReferenceValue by Bearer of attestation-service",
                        "QueryReferenceValue by null",
                        "QueryReferenceValue by null");
    }

    @Test
    void refusesResourcePoliciesAsRecorded() {
        for (JsonNode exchange : recording("policy-upload")) {
            requireRecorded(exchange);
        }
        assertThat(KbsClientUnderTest.JSON
                        .readTree(replay(recording("policy-upload").get(1), "").body())
                        .required("detail")
                        .stringValue())
                .startsWith("Policy engine error: Failed to load policy: 1 error occurred: policy.rego:2: ");
        assertThat(broker.policies()
                        .listResourcePolicies(ListResourcePoliciesRequest.getDefaultInstance())
                        .getPoliciesList())
                .isEmpty();
    }

    /// The guest is one whose evidence proves nothing, in the recording: Trustee's default policy refuses it by asking
    /// for that. Here such a guest does not attest at all; what is replayed is how a refusal by policy looks.
    @Test
    void guestThatThePolicyRefusesIsToldSoAsRecorded() {
        guest.auth().attest(broker.initdata);
        opa.fail(request -> request.method().equals("POST")
                ? new RecordedOpa.Answer(
                        200, "{\"result\":{\"policy\":\"" + id(request.path()) + "\",\"allow\":[false]}}")
                : opa.answer(request));
        String policy = Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString("package policy\ndefault allow = true\n".getBytes(StandardCharsets.UTF_8));
        HttpResponse<String> put = guest.send(
                "POST",
                "/kbs/v0/resource-policy",
                Map.of("Authorization", "Bearer " + broker.adminToken()),
                "{\"policy\":\"" + policy + "\"}");
        assertThat(put.statusCode()).isEqualTo(200);

        JsonNode exchange = recording("default-policy-denies-sample").get(2);
        requireRecorded(exchange);
        assertThat(replay(exchange, "").body())
                .isEqualTo(exchange.at("/response/body").stringValue());
    }

    /// Differs on purpose: attestation-service evaluates no Rego of Trustee's form, and says so; Trustee takes it, for
    /// `default` without any effect.
    @Test
    void attestationPoliciesAreRefusedInTheWordsOfTheVerifier() {
        broker.administration.answer = Status.FAILED_PRECONDITION.withDescription("policy: in Rego, not here");
        for (int index : List.of(0, 3)) {
            JsonNode exchange = recording("attestation-policy-id").get(index);
            HttpResponse<String> answer = replay(exchange, "");

            assertThat(exchange.at("/response/status").intValue()).isEqualTo(200);
            assertThat(answer.statusCode()).isEqualTo(401);
            assertThat(KbsClientUnderTest.kind(answer)).isEqualTo("AttestationError");
            assertThat(answer.body()).contains("Set Attestation Policy failed: policy: in Rego, not here");
        }
        assertThat(broker.administration.calls)
                .containsOnly("SetAttestationPolicy by Bearer of attestation-service")
                .hasSize(2);
        assertThat(broker.audit())
                .containsExactly(
                        "admin:admin VERIFIER attestation policy default REFUSED policy: in Rego, not here",
                        "admin:admin VERIFIER attestation policy default_cpu REFUSED policy: in Rego, not here");
    }

    /// Where the verifier takes them, as a Trustee's own does, the answer is the recorded one.
    @Test
    void attestationPoliciesThatTheVerifierTakesAreAnsweredAsRecorded() {
        for (int index : List.of(0, 3)) {
            requireRecorded(recording("attestation-policy-id").get(index));
        }
    }

    private static String id(String path) {
        return path.substring("/v1/data/realmesh/keybroker/p".length()).replace("/outcome", "");
    }

    /// The evidence is appraised by a script: what is replayed is how the guest words it, and that it can open the
    /// answer.
    @ParameterizedTest
    @ValueSource(strings = {"rcar-cca", "rcar-cca-initdata-sha512"})
    void guestGetsTheSecretAsRecorded(String name) {
        JsonNode recording = recording(name);
        JsonNode exchanges = recording.required("exchanges");
        String plaintext = recording.required("resourcePlaintext").stringValue();
        broker.put("default/key/k1", plaintext.getBytes(StandardCharsets.UTF_8));
        TeeKey key = TeeKey.parse(
                recording.required("teePrivateJwk").toString().getBytes(StandardCharsets.UTF_8), "ECDH-ES+A256KW");
        broker.verifier.answerSubmods(ScriptedVerifier.affirmingSubmods(personalizationValue(exchanges.get(1))));
        guest.auth();

        String token = KbsClientUnderTest.JSON
                .readTree(replay(exchanges.get(1), "").body())
                .required("token")
                .stringValue();

        for (JsonNode get : List.of(exchanges.get(2), exchanges.get(3))) {
            KbsJwe jwe = KbsJwe.parse(replay(get, token).body().getBytes(StandardCharsets.UTF_8));
            try (SecretBytes secret = jwe.open(key)) {
                assertThat(new String(secret.reveal(), StandardCharsets.UTF_8)).isEqualTo(plaintext);
            }
        }
    }

    private static byte[] personalizationValue(JsonNode attest) {
        JsonNode initdata = KbsClientUnderTest.JSON
                .readTree(attest.required("request").required("body").stringValue())
                .path("init-data")
                .path("body");
        return initdata.isString()
                ? Initdata.parse(initdata.stringValue().getBytes(StandardCharsets.UTF_8))
                        .personalizationValue()
                : new byte[Initdata.RPV_LENGTH];
    }

    private void requireRecorded(JsonNode exchange) {
        String note = exchange.required("note").stringValue();
        JsonNode expected = exchange.required("response");
        HttpResponse<String> answer = replay(exchange, "");
        assertThat(answer.statusCode())
                .as(note)
                .isEqualTo(expected.required("status").intValue());
        String body = expected.required("body").stringValue();
        if (body.contains("\"type\"")) {
            String type =
                    KbsClientUnderTest.JSON.readTree(body).required("type").stringValue();
            assertThat(KbsClientUnderTest.JSON
                            .readTree(answer.body())
                            .required("type")
                            .stringValue())
                    .as(note)
                    .isEqualTo(type);
        } else if (body.isEmpty() || body.startsWith("[")) {
            assertThat(answer.body()).as(note).isEqualTo(body);
        }
    }

    /// Sends a recorded request, in this guest's session where it was in one.
    private HttpResponse<String> replay(JsonNode exchange, String token) {
        JsonNode request = exchange.required("request");
        Map<String, String> headers = new HashMap<>();
        request.required("headers")
                .properties()
                .forEach(
                        header -> headers.put(header.getKey(), header.getValue().stringValue()));
        headers.computeIfPresent("Cookie", (name, value) -> value.contains("deadbeef") ? value : guest.cookie);
        if (!token.isEmpty()) {
            headers.computeIfPresent("Authorization", (name, value) -> "Bearer " + token);
        }
        JsonNode body = request.required("body");
        return guest.send(
                request.required("method").stringValue(),
                request.required("path").stringValue(),
                headers,
                body.isNull() ? "" : body.stringValue().replace("\"sample\"", "\"cca\""));
    }

    private static JsonNode recording(String name) {
        return KbsClientUnderTest.JSON.readTree(Vectors.bytes(RECORDED + name + ".json"));
    }
}
