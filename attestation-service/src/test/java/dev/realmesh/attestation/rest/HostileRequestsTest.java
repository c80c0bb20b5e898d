// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.attestation.rest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.realmesh.cca.Bytes;
import dev.realmesh.cca.cose.CborValue;
import dev.realmesh.testkit.Seeds;
import dev.realmesh.testkit.Vectors;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/// Whatever comes in, a verdict or a problem document goes out, never a server error.
class HostileRequestsTest {
    private static final InstantSource CLOCK = InstantSource.fixed(Instant.parse("2026-11-23T12:00:00Z"));
    private static final byte[] GOOD = Vectors.bytes("attestation/tokens/good-399.cbor");
    private static final List<String> TYPES = List.of(
            RestFixture.EVIDENCE,
            RestFixture.PLATFORM,
            RestFixture.REALM,
            "application/rim+cose; profile=\"tag:arm.com,2025:cca_realm#1.0.0\"",
            "application/cmw",
            "application/cmw+cbor",
            "application/vnd.veraison.cmw+json");

    @TempDir
    private static Path state;

    private static RestFixture fixture;

    @BeforeAll
    static void open() {
        fixture = RestFixture.open(state, RestConfig.loopback(0), CLOCK).provisioned();
    }

    @AfterAll
    static void close() {
        fixture.close();
    }

    @ParameterizedTest
    @MethodSource("vectors")
    void everyVectorGetsAVerdictOrAProblem(Path vector) throws IOException {
        for (String type : TYPES) {
            requireVerdictOrProblem(Files.readAllBytes(vector), type);
        }
    }

    static Stream<Path> vectors() throws IOException {
        return Stream.concat(
                files("attestation/tokens"),
                Stream.concat(files("attestation/endorsements"), files("attestation/rust")));
    }

    private static Stream<Path> files(String folder) throws IOException {
        try (Stream<Path> files = Files.list(Vectors.path(folder))) {
            return files.filter(Files::isRegularFile).sorted().toList().stream();
        }
    }

    @ParameterizedTest
    @MethodSource("dev.realmesh.testkit.Seeds#some")
    void damagedEvidenceGetsAVerdictOrAProblem(long seed) {
        RandomGenerator random = Seeds.random(seed);
        byte[] damaged = GOOD.clone();
        for (int i = 0; i < 3; i++) {
            damaged[random.nextInt(damaged.length)] = (byte) random.nextInt();
        }
        requireVerdictOrProblem(damaged, TYPES.get(random.nextInt(TYPES.size())));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "application/eat-collection; profile=http://arm.com/CCA-SSD/1.0.0",
                "application/eat-collection; profile=\"http://arm.com/CCA-SSD/1.0.0",
                "application/eat-collection;",
                "application/",
                "/",
                ";",
                "a/b/c",
                "*"
            })
    void whatIsNoMediaTypeIsABadRequest(String type) {
        assertThat(post(GOOD, type).statusCode()).isEqualTo(400);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "multipart/form-data; boundary=x",
                "multipart/form-data",
                "application/x-www-form-urlencoded",
                "application/eat-collection; profile=\"http://arm.com/CCA-SSD/2.0.0\"",
                "application/eat-collection; profile=\"http://arm.com/CCA-SSD/1.0.0\"; other=1",
                "application/eat-cwt; profile=\"http://arm.com/CCA-SSD/1.0.0\""
            })
    void otherMediaTypesAreUnsupportedAndTheSupportedOneIsNamed(String type) {
        HttpResponse<String> response = post(GOOD, type);

        assertThat(response.statusCode()).isEqualTo(415);
        assertThat(response.headers().firstValue("Accept")).contains(RestFixture.EVIDENCE);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Application/EAT-Collection;PROFILE=\"http://arm.com/CCA-SSD/1.0.0\"",
                "application/eat-collection  ;  profile=\"http://arm.com/CCA-SSD/1.0.0\""
            })
    void caseAndSpacesOfAMediaTypeDoNotMatter(String type) {
        assertThat(post(GOOD, type).body()).contains("\"complete\"");
    }

    @Test
    void evidenceMayComeInACborWrapper() {
        CborValue record = CborValue.arrayOf(CborValue.of(RestFixture.EVIDENCE), CborValue.of(Bytes.copyOf(GOOD)));

        JsonNode session = RestFixture.json(post(record.encode().toByteArray(), "application/cmw+cbor"));

        assertThat(session.get("status").asString()).isEqualTo("complete");
        assertThat(session.get("evidence").get("type").asString()).isEqualTo(RestFixture.EVIDENCE);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            []                              | 400
            ["application/eat-collection"]  | 400
            [1, 2]                          | 400
            ["", "AAAA"]                    | 400
            ["text/plain", "AAAA"]          | 415
            ["text/plain", "*"]             | 400
            [[[[[[[[[[                      | 400
            {}                              | 400
            """)
    void whatIsNoWrapperIsRefused(String content, int status) {
        assertThat(post(content.getBytes(StandardCharsets.UTF_8), "application/cmw")
                        .statusCode())
                .isEqualTo(status);
    }

    @Test
    void aWrapperThatIsNestedTooDeepIsRefused() {
        assertThat(post("[".repeat(100_000).getBytes(StandardCharsets.UTF_8), "application/cmw+json")
                        .statusCode())
                .isEqualTo(400);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "*/*",
                "application/*",
                "text/html, */*;q=0.1",
                "APPLICATION/vnd.veraison.challenge-response-session+JSON"
            })
    void acceptHeadersThatIncludeTheDocumentAreSatisfied(String accept) {
        assertThat(newSession(accept)).isEqualTo(201);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "text/*",
                "application/json",
                "*/*;q=0",
                ";",
                "a",
                "\"",
                "application/vnd.veraison.discovery+json"
            })
    void acceptHeadersThatDoNotAreNot(String accept) {
        assertThat(newSession(accept)).isEqualTo(406);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/challenge-response/v1/newSession?nonce=%25%zz",
                "/challenge-response/v1/newSession?nonce=%",
                "/challenge-response/v1/newSession?nonceSize=99999999999999999999",
                "/challenge-response/v1/newSession?nonceSize=-1",
                "/challenge-response/v1/newSession?nonceSize=0x20",
                "/challenge-response/v1/session/%2e%2e%2f",
                "/challenge-response/v1/session/1-1-1-1-1",
                "/challenge-response/v1/session/00000000-0000-1000-8000-00000000000g"
            })
    void pathsAndQueriesThatSayNothingAreBadRequests(String path) throws IOException {
        String answer = RawHttp.send(
                fixture.service.restPort().orElseThrow(), (path.contains("newSession") ? "POST " : "GET ") + path);
        assertThat(answer).startsWith("HTTP/1.1 400 ").doesNotContain("Exception");
    }

    @ParameterizedTest
    @CsvSource({
        "GET, /challenge-response/v1/newSession",
        "PUT, /challenge-response/v1/session/00000000-0000-1000-8000-000000000000",
        "GET, /endorsement-provisioning/v1/submit",
        "POST, /.well-known/veraison/verification",
        "GET, /"
    })
    void otherPathsAndMethodsAreNotFound(String method, String path) {
        HttpResponse<String> response = fixture.send(method, path, Map.of(), new byte[0]);

        assertThat(response.statusCode()).isEqualTo(404);
        assertThat(response.body()).isEqualTo("404 page not found");
    }

    private static int newSession(String accept) {
        return fixture.post(RestFixture.NEW_SESSION, Map.of("Accept", accept), new byte[0])
                .statusCode();
    }

    private static HttpResponse<String> post(byte[] body, String type) {
        return fixture.post(fixture.newSession(), Map.of("Content-Type", type), body);
    }

    private static void requireVerdictOrProblem(byte[] body, String type) {
        String session = fixture.newSession();
        Map<String, String> headers = new HashMap<>(Map.of("Content-Type", type));
        requireVerdictOrProblem(fixture.post(session, headers, body));
        headers.put("Authorization", "Bearer " + fixture.adminToken);
        requireVerdictOrProblem(fixture.post(RestFixture.SUBMIT, headers, body));
        fixture.send("DELETE", session, Map.of(), new byte[0]);
    }

    private static void requireVerdictOrProblem(HttpResponse<String> response) {
        JsonNode document = RestFixture.json(response);
        assertThat(response.body()).doesNotContain("Exception");
        if (response.statusCode() == 200) {
            assertThat(document.get("status").asString()).isIn("complete", "success", "failed");
        } else {
            assertThat(response.statusCode()).isBetween(400, 415);
            assertThat(response.headers().firstValue("Content-Type")).contains("application/problem+json");
            assertThat(document.get("detail").asString()).isNotBlank();
        }
    }
}
