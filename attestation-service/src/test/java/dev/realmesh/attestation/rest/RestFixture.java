// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.attestation.rest;

import dev.realmesh.attestation.AttestationService;
import dev.realmesh.attestation.AttestationServiceConfig;
import dev.realmesh.attestation.appraisal.AppraisalMode;
import dev.realmesh.attestation.coco.CocoConfig;
import dev.realmesh.policy.opa.OpaConfig;
import dev.realmesh.testkit.Vectors;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The service with its REST API on a free port, as an HTTP client sees it.
final class RestFixture implements AutoCloseable {
    static final String NEW_SESSION = "/challenge-response/v1/newSession";
    static final String SUBMIT = "/endorsement-provisioning/v1/submit";
    static final String EVIDENCE = "application/eat-collection; profile=\"http://arm.com/CCA-SSD/1.0.0\"";
    static final String PLATFORM = "application/rim+cbor; profile=\"tag:arm.com,2025:cca_platform#1.0.0\"";
    static final String REALM = "application/rim+cbor; profile=\"tag:arm.com,2025:cca_realm#1.0.0\"";

    /// The nonce that most recorded tokens were made for.
    static final String NONCE =
            "byTWuWNaLIu_WOkIuU4Ewb-zroDN6-gyQkV4SZ_jF2Hn9eHYvOASGET1Sr36UobaiPU6ZXsVM1yTlrQyklS8XA";

    final AttestationService service;
    final String adminToken;
    private final HttpClient client = HttpClient.newHttpClient();

    private RestFixture(AttestationServiceConfig config, InstantSource clock) {
        service = AttestationService.open(config, clock);
        try {
            adminToken = Files.readString(config.stateFolder().resolve("admin.token"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static RestFixture open(Path state, RestConfig rest, InstantSource clock) {
        return new RestFixture(config(state, rest), clock);
    }

    static RestFixture openWithOpa(Path state, RestConfig rest, InstantSource clock, URI opa) {
        OpaConfig asked = new OpaConfig(opa, Optional.empty(), Optional.empty(), Duration.ofSeconds(10), 1);
        return new RestFixture(config(state, rest).withOpa(asked), clock);
    }

    private static AttestationServiceConfig config(Path state, RestConfig rest) {
        List<Path> roots = List.of(Vectors.path("attestation/keys/TEST-corim-rootCA.crt"));
        return new AttestationServiceConfig(
                state,
                List.of(),
                roots,
                AppraisalMode.VERAISON_COMPATIBLE,
                64,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                CocoConfig.withDefaults(),
                Optional.of(rest),
                Optional.empty());
    }

    /// Provisions the endorsements of the recorded base scenario.
    RestFixture provisioned() {
        provision("up-cca-platform-valid", PLATFORM);
        provision("up-cca-realm-valid", REALM);
        return this;
    }

    private void provision(String corim, String mediaType) {
        HttpResponse<String> response = post(
                SUBMIT,
                Map.of("Content-Type", mediaType, "Authorization", "Bearer " + adminToken),
                Vectors.bytes("attestation/endorsements/" + corim + ".cbor"));
        if (!response.body().contains("\"success\"")) {
            throw new IllegalStateException(corim + ": " + response.body());
        }
    }

    /// Opens a session for the nonce of the recorded tokens.
    ///
    /// @return its path
    String newSession() {
        return newSession(NONCE);
    }

    String newSession(String nonce) {
        HttpResponse<String> response = post(NEW_SESSION + "?nonce=" + nonce, Map.of(), new byte[0]);
        return "/challenge-response/v1/"
                + response.headers().firstValue("Location").orElseThrow();
    }

    HttpResponse<String> submit(String session, byte[] evidence) {
        return post(session, Map.of("Content-Type", EVIDENCE), evidence);
    }

    HttpResponse<String> get(String path) {
        return send("GET", path, Map.of(), new byte[0]);
    }

    HttpResponse<String> post(String path, Map<String, String> headers, byte[] body) {
        return send("POST", path, headers, body);
    }

    HttpResponse<String> send(String method, String path, Map<String, String> headers, byte[] body) {
        HttpRequest.Builder request = HttpRequest.newBuilder(
                        URI.create("http://127.0.0.1:" + service.restPort().orElseThrow() + path))
                .version(HttpClient.Version.HTTP_1_1)
                .timeout(Duration.ofSeconds(30))
                .method(
                        method,
                        body.length == 0
                                ? HttpRequest.BodyPublishers.noBody()
                                : HttpRequest.BodyPublishers.ofByteArray(body));
        headers.forEach(request::header);
        try {
            return client.send(request.build(), HttpResponse.BodyHandlers.ofString(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    static JsonNode json(HttpResponse<String> response) {
        return JsonMapper.shared().readTree(response.body());
    }

    @Override
    public void close() {
        client.close();
        service.close();
    }
}
