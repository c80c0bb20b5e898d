// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.attestation.rest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.realmesh.attestation.opa.RegoEngine;
import dev.realmesh.policy.opa.RecordedOpa;
import dev.realmesh.testkit.Vectors;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// The recorded exchanges of a real Veraison, replayed in their order: the same status, headers and JSON, but for what
/// varies by its nature and the deviations that are listed with their reason.
class RecordedExchangesTest {
    /// When they were recorded.
    private static final InstantSource CLOCK = InstantSource.fixed(Instant.parse("2026-11-23T11:03:29.5Z"));
    private static final JsonMapper JSON = JsonMapper.shared();
    private static final Pattern SESSION = Pattern.compile("/challenge-response/v1/session/([0-9a-f-]{36})");
    private static final String UNKNOWN_SESSION = "00000000-0000-1000-8000-000000000000";
    private static final Pattern POLICY = Pattern.compile("(/management/v1/policy/ARM_CCA/)([0-9a-f-]{36})(.*)");
    private static final Set<String> SCHEMES = Set.of("ARM_CCA", "PSA_IOT");
    private static final String INVALID_POLICY = "not rego";
    private static final String GO_TEXT = "the recorded text is an error of a Go library, or names Veraison's insides";

    /// What is answered otherwise.
    ///
    /// @param status of ours
    /// @param contentType of ours
    private record Deviation(int status, String contentType, String reason) {}

    private static final Map<String, Deviation> DEVIATIONS = Map.ofEntries(
            Map.entry(
                    "evidence-ct-nospace",
                    new Deviation(
                            200,
                            "application/vnd.veraison.challenge-response-session+json",
                            "a media type is the same without the space; Veraison's 500 is a defect")),
            Map.entry(
                    "session-get-complete",
                    new Deviation(
                            200,
                            "application/vnd.veraison.challenge-response-session+json",
                            "the session before is complete here, where Veraison's failed by that defect")));

    /// Whose text is ours.
    private static final Map<String, String> OTHER_WORDS = Map.ofEntries(
            Map.entry("prov-no-content-type", GO_TEXT),
            Map.entry("prov-ct-uppercase", "stored already, which Veraison did not come to look at"),
            Map.entry("prov-duplicate", GO_TEXT),
            Map.entry("prov-garbage", GO_TEXT),
            Map.entry("prov-signed-no-x5chain", GO_TEXT),
            Map.entry("prov-signed-leaf-only", GO_TEXT),
            Map.entry("prov-signed-bad-signature", GO_TEXT),
            Map.entry("prov-signed-wrong-key", GO_TEXT),
            Map.entry("prov-signed-no-meta", GO_TEXT),
            Map.entry("prov-signed-wrong-ct", GO_TEXT),
            Map.entry("session-bad-id", GO_TEXT),
            Map.entry("session-get-after-delete", GO_TEXT),
            Map.entry("evidence-unknown-id", GO_TEXT));

    @TempDir
    private Path folder;

    private final Map<String, String> sessions = new HashMap<>();
    private final Map<String, String> policies = new HashMap<>();
    private final RecordedOpa opa = RecordedOpa.start(RegoEngine.FRAME);
    private RestFixture fixture;

    @BeforeEach
    void openWithTheRecordedSigner() throws IOException {
        Path state = Files.createDirectory(folder.resolve("state"));
        Path key = Files.write(
                state.resolve("ear-signing-key.jwk"), Vectors.bytes("attestation/keys/TEST-ear-signer.private.jwk"));
        Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-------"));
        fixture = RestFixture.openWithOpa(state, RestConfig.loopback(0), CLOCK, opa.uri());
    }

    @AfterEach
    void close() {
        fixture.close();
        opa.close();
    }

    @TestFactory
    Stream<DynamicTest> exchangeIsAsRecorded() {
        List<JsonNode> recorded = JSON.readTree(Vectors.bytes("attestation/http-api.json"))
                .valueStream()
                .toList();
        assertThat(recorded).hasSize(61);
        Set<String> names =
                recorded.stream().map(each -> each.get("name").asString()).collect(Collectors.toSet());
        assertThat(names).containsAll(DEVIATIONS.keySet()).containsAll(OTHER_WORDS.keySet());
        return recorded.stream()
                .map(each -> DynamicTest.dynamicTest(each.get("name").asString(), () -> replay(each)));
    }

    private void replay(JsonNode recorded) {
        String name = recorded.get("name").asString();
        JsonNode request = recorded.get("request");
        HttpResponse<String> response = fixture.send(
                request.get("method").asString(),
                ourPath(request.get("path").asString(), recorded.get("body").asString()),
                headers(request),
                body(request));

        Deviation deviation = DEVIATIONS.get(name);
        if (deviation != null) {
            assertThat(response.statusCode()).isEqualTo(deviation.status());
            assertThat(header(response, "Content-Type")).isEqualTo(deviation.contentType());
            return;
        }
        assertThat(response.statusCode()).isEqualTo(recorded.get("status").asInt());
        JsonNode headers = recorded.get("headers");
        for (String same : List.of("Content-Type", "Cache-Control")) {
            assertThat(header(response, same))
                    .as(same)
                    .isEqualTo(headers.path(same).asString(""));
        }
        // Go's clock says UTC, where HTTP says GMT (RFC 9110, 5.6.7).
        assertThat(header(response, "Expires"))
                .isEqualTo(headers.path("Expires").asString("").replace("UTC", "GMT"));
        assertThat(ccaTypes(Arrays.asList(header(response, "Accept").split(", "))))
                .isEqualTo(ccaTypes(
                        Arrays.asList(headers.path("Accept").asString("").split(", "))));
        assertThat(header(response, "Location")).matches(headers.has("Location") ? "session/[0-9a-f-]{36}" : "");
        requireSameBody(name, response.body(), stored(recorded.get("body").asString()));
    }

    /// What was recorded, without the policy that Veraison stored although it is invalid.
    private static String stored(String body) {
        if (!body.contains("\"rules\":\"" + INVALID_POLICY)) {
            return body;
        }
        if (body.startsWith("{")) {
            return body.substring(0, body.indexOf("{\"uuid\""));
        }
        return JSON.createArrayNode()
                .addAll(JSON.readTree(body)
                        .valueStream()
                        .filter(policy -> !policy.get("rules").asString().equals(INVALID_POLICY))
                        .toList())
                .toString();
    }

    private void requireSameBody(String name, String ours, String recorded) {
        if (recorded.startsWith("[")) {
            JsonNode list = JSON.readTree(ours);
            JsonNode expected = JSON.readTree(recorded);
            assertThat(list).hasSameSizeAs(expected);
            for (int i = 0; i < expected.size(); i++) {
                requireSameBody(name, list.get(i).toString(), expected.get(i).toString());
            }
            return;
        }
        if (!recorded.startsWith("{")) {
            assertThat(ours).isEqualTo(recorded);
            return;
        }
        ObjectNode actual = (ObjectNode) JSON.readTree(ours);
        ObjectNode expected = (ObjectNode) JSON.readTree(recorded);
        if (OTHER_WORDS.containsKey(name)) {
            String text = expected.has("detail") ? "detail" : "failure-reason";
            assertThat(actual.get(text).asString()).isNotBlank();
            expected.set(text, actual.get(text));
        }
        if (expected.has("uuid")) {
            policies.putIfAbsent(
                    expected.get("uuid").asString(), actual.get("uuid").asString());
            expected.set(
                    "uuid", JSON.valueToTree(policies.get(expected.get("uuid").asString())));
        }
        assertThat(simplified(name, actual)).isEqualTo(simplified(name, expected));
    }

    /// The document with what varies by its nature put into one form: random nonces, times, types of other schemes, and
    /// in a result its time, its verifier and its signature.
    private static Map<String, Object> simplified(String name, ObjectNode document) {
        Map<String, Object> fields = new LinkedHashMap<>();
        for (Map.Entry<String, JsonNode> field : document.properties()) {
            JsonNode value = field.getValue();
            fields.put(
                    field.getKey(),
                    switch (field.getKey()) {
                        case "accept", "media-types" ->
                            ccaTypes(value.valueStream().map(JsonNode::asString).toList());
                        case "attestation-schemes" ->
                            value.valueStream()
                                    .map(JsonNode::asString)
                                    .filter(SCHEMES::contains)
                                    .collect(Collectors.toSet());
                        case "expiry", "ctime" ->
                            Instant.parse(value.asString()).getClass();
                        case "nonce" ->
                            name.startsWith("newSession") && !name.contains("bytes")
                                    ? value.asString().length()
                                    : value;
                        case "result" -> result(value.asString());
                        default -> value;
                    });
        }
        return fields;
    }

    private static Set<String> ccaTypes(List<String> types) {
        return types.stream()
                .filter(type -> type.contains("CCA-SSD") || type.contains("arm.com,2025:cca_"))
                .collect(Collectors.toSet());
    }

    private static JsonNode result(String jwt) {
        String[] parts = jwt.split("\\.");
        assertThat(JSON.readTree(decode(parts[0])))
                .isEqualTo(JSON.createObjectNode().put("alg", "ES256").put("typ", "JWT"));
        ObjectNode payload = (ObjectNode) JSON.readTree(decode(parts[1]));
        assertThat(payload.get("iat").isIntegralNumber()).isTrue();
        assertThat(payload.get("ear.verifier-id").propertyNames()).containsExactlyInAnyOrder("build", "developer");
        payload.remove(List.of("iat", "ear.verifier-id"));
        // What a policy leaves behind that was active when one of them was recorded.
        return JSON.readTree(payload.toString()
                .replaceAll("policy:ARM_CCA/[0-9a-f-]{36}", "policy:ARM_CCA")
                .replace(",\"ear.veraison.policy-claims\":{}", ""));
    }

    private static String decode(String base64url) {
        return new String(Base64.getUrlDecoder().decode(base64url), StandardCharsets.UTF_8);
    }

    /// A recorded session is one of ours for the same nonce, opened when it is met first.
    private String ourPath(String path, String answer) {
        Matcher policy = POLICY.matcher(path);
        if (policy.matches()) {
            return policy.group(1) + policies.get(policy.group(2)) + policy.group(3);
        }
        Matcher session = SESSION.matcher(path);
        if (!session.matches() || session.group(1).equals(UNKNOWN_SESSION)) {
            return path;
        }
        String nonce = answer.contains("\"nonce\"")
                ? JSON.readTree(answer).get("nonce").asString()
                : RestFixture.NONCE;
        return sessions.computeIfAbsent(session.group(1), unused -> fixture.newSession(nonce));
    }

    private Map<String, String> headers(JsonNode request) {
        Map<String, String> headers = new HashMap<>();
        request.get("headers")
                .properties()
                .forEach(
                        header -> headers.put(header.getKey(), header.getValue().asString()));
        headers.remove("Content-Length");
        String path = request.get("path").asString();
        if (path.equals(RestFixture.SUBMIT) || path.startsWith("/management/")) {
            headers.put("Authorization", "Bearer " + fixture.adminToken);
        }
        return headers;
    }

    private static byte[] body(JsonNode request) {
        byte[] body = request.has("body_file")
                ? BrokenSignatures.orVector(request.get("body_file").asString())
                : HexFormat.of().parseHex(request.path("body_hex").asString(""));
        assertThat(body).hasSize(request.get("body_len").asInt());
        return body;
    }

    private static String header(HttpResponse<String> response, String name) {
        return response.headers().firstValue(name).orElse("");
    }
}
