// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.realmesh.testkit.Vectors;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// What administrators of a KBS change at its attestation service, over HTTP, the event bus and a real
/// attestation-service: recorded from a real Trustee (`coco/kbs-http`).
class KbsAdministrationTest {
    private static final JsonMapper JSON = JsonMapper.shared();

    @TempDir
    private Path folder;

    private final HttpClient http = HttpClient.newHttpClient();
    private TestMesh mesh;

    @BeforeEach
    void start() {
        mesh = new TestMesh(folder.resolve("state"));
    }

    @AfterEach
    void stop() {
        http.close();
        mesh.close();
    }

    @Test
    void referenceValuesAreStoredAndReadAsRecorded() throws Exception {
        int replayed = 0;
        for (JsonNode exchange : recording("admin")) {
            if (exchange.at("/request/path").stringValue().startsWith("/kbs/v0/reference-value")) {
                HttpResponse<String> answer = send(exchange.required("request"));
                assertThat(answer.statusCode())
                        .isEqualTo(exchange.at("/response/status").intValue());
                requireSameBody(answer.body(), exchange.at("/response/body").stringValue());
                replayed++;
            }
        }
        assertThat(replayed).isEqualTo(3);
    }

    private static void requireSameBody(String body, String recorded) {
        if (recorded.startsWith("{")) {
            assertThat(JSON.readTree(body).required("type"))
                    .isEqualTo(JSON.readTree(recorded).required("type"));
        } else {
            assertThat(body).isEqualTo(recorded);
        }
    }

    @Test
    void aCorimBecomesAnEndorsementAndIsTakenOnce() throws Exception {
        String corim = Base64.getEncoder().encodeToString(Vectors.bytes("attestation/endorsements/m-plat-base.cbor"));
        String message = "{\"version\":\"0.1.0\",\"type\":\"corim\",\"payload\":\"" + corim + "\"}";

        assertThat(send("POST", "/kbs/v0/reference-value", message).statusCode())
                .isEqualTo(200);
        HttpResponse<String> again = send("POST", "/kbs/v0/reference-value", message);

        assertThat(again.statusCode()).isEqualTo(401);
        assertThat(again.body()).contains("/RvpsError", "stored");
        assertThat(send("POST", "/kbs/v0/reference-value", "no message").body())
                .contains("/RvpsError", "message: not JSON");
    }

    /// Differs from the recording on purpose: no Rego of Trustee's form is evaluated, and the refusal says what is.
    @Test
    void attestationPoliciesInRegoAreRefusedInWordsThatHelp() throws Exception {
        HttpResponse<String> answer =
                send(recording("attestation-policy-id").get(3).required("request"));

        assertThat(answer.statusCode()).isEqualTo(401);
        assertThat(answer.body())
                .contains(
                        "/AttestationError",
                        "policy: in Rego, which is not evaluated here",
                        "realmesh attestation policy put");
    }

    private static JsonNode recording(String name) {
        return JSON.readTree(Vectors.bytes("coco/kbs-http/" + name + ".json"));
    }

    private HttpResponse<String> send(JsonNode request) throws Exception {
        JsonNode body = request.required("body");
        return send(
                request.required("method").stringValue(),
                request.required("path").stringValue(),
                body.isNull() ? "" : body.stringValue());
    }

    private HttpResponse<String> send(String method, String path, String body)
            throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create(mesh.kbs() + path))
                .header("Authorization", "Bearer " + Files.readString(mesh.adminToken("key-broker")))
                .method(method, BodyPublishers.ofString(body))
                .build();
        return http.send(request, BodyHandlers.ofString());
    }
}
