// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.realm.rest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.realmesh.kbs.WorkloadFeatures;
import dev.realmesh.kbs.aael.AaelLog;
import dev.realmesh.realm.attest.EventLog;
import dev.realmesh.realm.attest.EvidenceCollector;
import dev.realmesh.realm.attest.RcarClient;
import dev.realmesh.realm.attest.WorkloadToken;
import dev.realmesh.realm.grpc.EarOf;
import dev.realmesh.realm.grpc.RealmFixture;
import dev.realmesh.realm.grpc.TurnedClock;
import dev.realmesh.realm.rsi.MeasurementRegister;
import io.grpc.Status;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The workload's API over HTTP, answer for answer as `api-server-rest` gives them, over a real session with a broker.
@Timeout(60)
class WorkloadApiTest {
    private static final JsonMapper JSON = new JsonMapper();

    @TempDir
    Path folder;

    private final HttpClient client = HttpClient.newHttpClient();
    private final TurnedClock clock = new TurnedClock();
    private RealmFixture realm;
    private EventLog events;
    private ApiServer server;

    @BeforeEach
    void realm() throws IOException {
        realm = RealmFixture.offering("plain-gzip", folder);
        realm.broker().holding("default/db/password", "p4ss".getBytes(StandardCharsets.UTF_8));
        realm.processor().signing(new byte[] {(byte) 0xd9, 1, (byte) 0x8f, 0}, 4096);
        events = new EventLog(realm.rsi());
    }

    @AfterEach
    void stop() throws IOException {
        client.close();
        if (server != null) {
            server.close();
        }
        realm.close();
    }

    @Test
    void secretIsTheBrokersBytes() throws Exception {
        serve(WorkloadFeatures.RESOURCE);

        HttpResponse<byte[]> answer = get("/cdh/resource/default/db/password");

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.headers().firstValue("content-type")).contains("application/octet-stream");
        assertThat(answer.body()).isEqualTo("p4ss".getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void secretThatTheBrokerRefusesIsAnErrorThatSaysWhy() throws Exception {
        serve(WorkloadFeatures.RESOURCE);
        assertAnswer(get("/cdh/resource/default/db/other"), 500, "NOT_FOUND");
        assertAnswer(get("/cdh/resource/default/password"), 500, "repository/type/tag");
        assertAnswer(get("/cdh/resource/..%2f/db/password"), 500, "resource path");

        realm.broker().failRelease(Status.PERMISSION_DENIED.withDescription("policy says no"));
        assertAnswer(get("/cdh/resource/default/db/password"), 500, "policy says no");
    }

    @Test
    void answerThatIsNotTheBrokersIsRefused() throws Exception {
        serve(WorkloadFeatures.RESOURCE);
        realm.broker().signAsSomebodyElse();

        assertAnswer(get("/cdh/resource/default/db/password"), 500, "not from the key-broker");
    }

    @ParameterizedTest
    @CsvSource({
        "GET, /, 404, URL NOT FOUND",
        "GET, /aa, 404, URL NOT FOUND",
        "GET, /cdh, 404, URL NOT FOUND",
        "GET, /cdh/resource, 404, URL NOT FOUND",
        "GET, /cdh/other/a/b/c, 404, URL NOT FOUND",
        "GET, /foo/bar, 404, URL NOT FOUND",
        "GET, /aa/unknown, 404, URL NOT FOUND",
        "POST, /aa/token?token_type=kbs, 404, URL NOT FOUND",
        "PUT, /aa/aael, 404, URL NOT FOUND",
        "POST, /info, 405, Method Not Allowed",
        "POST, /cdh/resource/default/db/password, 405, Method Not Allowed",
        "DELETE, /cdh/resource/default/db/password, 405, Method Not Allowed",
        "GET, /aa/token, 400, BAD REQUEST",
        "GET, /aa/evidence, 400, BAD REQUEST",
        "GET, /aa/evidence?runtime_data=x&encoding=hex, 400, BAD REQUEST",
        "GET, /aa/evidence?runtime_data=AA==&encoding=base64, 400, BAD REQUEST",
        "GET, /aa/evidence?runtime_data=!!!&encoding=base64, 400, BAD REQUEST",
        "GET, /aa/additional-evidence, 400, BAD REQUEST",
    })
    void wrongQuestionHasUpstreamsAnswer(String method, String path, int status, String text) throws Exception {
        serve(WorkloadFeatures.ALL);

        HttpResponse<byte[]> answer = send(method, path, "");

        assertThat(answer.statusCode()).isEqualTo(status);
        assertThat(new String(answer.body(), StandardCharsets.UTF_8)).isEqualTo(text);
        assertThat(realm.broker().attestations()).isEmpty();
    }

    @Test
    void featureThatInitdataDoesNotGiveIsNotThere() throws Exception {
        serve(WorkloadFeatures.RESOURCE);
        assertAnswer(get("/aa/token?token_type=kbs"), 404, "Attestation Feature Not Enabled");
        assertAnswer(post("/aa/aael", event("d", "o", "c")), 404, "Attestation Feature Not Enabled");
        assertThat(realm.processor().measurement(MeasurementRegister.REM2)).isEqualTo(new byte[32]);
        server.close();

        serve(WorkloadFeatures.ATTESTATION);
        assertAnswer(get("/cdh/resource/default/db/password"), 404, "Resource Feature Not Enabled");
    }

    @ParameterizedTest
    @CsvSource({"RESOURCE, false", "ATTESTATION, true", "ALL, true"})
    void infoTellsFeatureAndTee(WorkloadFeatures features, boolean tee) throws Exception {
        serve(features);

        HttpResponse<byte[]> answer = get("/info");

        assertThat(answer.headers().firstValue("content-type")).contains("application/json");
        JsonNode json = JSON.readTree(answer.body());
        assertThat(json.path("feature").stringValue()).isEqualTo(features.text());
        assertThat(json.has("version")).isTrue();
        assertThat(json.has("tee")).isEqualTo(tee);
        assertThat(json.has("additional_tees")).isFalse();
    }

    @Test
    void evidenceIsBoundToWhatTheWorkloadSays() throws Exception {
        serve(WorkloadFeatures.ATTESTATION);

        assertThat(json(get("/aa/evidence?runtime_data=a%20b"))).isEqualTo("{\"token\":[217,1,143,0]}");
        assertThat(realm.processor().challenge()).isEqualTo(Arrays.copyOf("a b".getBytes(StandardCharsets.UTF_8), 64));

        byte[] challenge = new byte[64];
        Arrays.fill(challenge, (byte) 0xfb);
        String text = Base64.getUrlEncoder().withoutPadding().encodeToString(challenge);
        assertThat(get("/aa/evidence?encoding=base64&runtime_data=" + text).statusCode())
                .isEqualTo(200);
        assertThat(realm.processor().challenge()).isEqualTo(challenge);
        assertAnswer(get("/aa/evidence?runtime_data=" + "x".repeat(65)), 500, "64 bytes or less");
        assertThat(realm.processor().challenge()).isEqualTo(challenge);

        HttpResponse<byte[]> more = get("/aa/additional-evidence?runtime_data=x");
        assertThat(more.statusCode()).isEqualTo(200);
        assertThat(more.body()).isEmpty();
    }

    @Test
    void tokenIsOfASessionOfItsOwn() throws Exception {
        serve(WorkloadFeatures.ALL);
        get("/cdh/resource/default/db/password");

        JsonNode token = JSON.readTree(get("/aa/token?token_type=kbs").body());

        assertThat(token.path("token").stringValue()).isEqualTo("e.a.r");
        assertThat(token.path("tee_keypair").stringValue()).startsWith("-----BEGIN PRIVATE KEY-----");
        assertThat(realm.broker().attestations())
                .extracting(attestation -> attestation.getTeePublicKey())
                .hasSize(2)
                .doesNotHaveDuplicates();
        assertAnswer(get("/aa/token?token_type=coco_as"), 500, "expected: kbs");
    }

    @Test
    void tokenIsKeptUntilItsEndOrTheNextEvent() throws Exception {
        realm.broker().answerResult(EarOf.endingAt(clock.instant().plusSeconds(300)));
        serve(WorkloadFeatures.ALL);
        String first = json(get("/aa/token?token_type=kbs"));
        clock.advance(Duration.ofSeconds(269));
        assertThat(json(get("/aa/token?token_type=kbs"))).isEqualTo(first);
        assertThat(realm.broker().attestations()).hasSize(1);

        assertAnswer(post("/aa/aael", event("d", "o", "c")), 200, "true");
        String measured = json(get("/aa/token?token_type=kbs"));
        assertThat(measured).isNotEqualTo(first);

        clock.advance(Duration.ofSeconds(1));
        assertThat(json(get("/aa/token?token_type=kbs"))).isNotEqualTo(measured);
        realm.broker().failAttest(Status.PERMISSION_DENIED.withDescription("not affirming"));
        assertAnswer(get("/aa/token?token_type=kbs"), 500, "not affirming");
        assertThat(realm.broker().attestations()).hasSize(3);
    }

    @Test
    void tokenThatNamesNoEndIsKeptForFiveMinutes() throws Exception {
        serve(WorkloadFeatures.ALL);
        String first = json(get("/aa/token?token_type=kbs"));
        clock.advance(Duration.ofSeconds(299));
        assertThat(json(get("/aa/token?token_type=kbs"))).isEqualTo(first);

        clock.advance(Duration.ofSeconds(1));
        assertThat(json(get("/aa/token?token_type=kbs"))).isNotEqualTo(first);
    }

    @Test
    void eventsExtendTheRegisterThatTheirLogReplaysTo() throws Exception {
        serve(WorkloadFeatures.ATTESTATION);

        for (String content : new String[] {"one", "two words"}) {
            HttpResponse<byte[]> answer = post("/aa/aael", event("example.org", "Start", content));
            assertThat(json(answer)).isEqualTo("{\"success\":\"true\"}");
        }

        AaelLog log = AaelLog.parse(get("/aa/aael").body());
        assertThat(log.entries()).extracting(entry -> entry.event().content()).containsExactly("one", "two words");
        assertThat(log.entries())
                .allSatisfy(entry -> assertThat(entry.register()).isEqualTo(3));
        assertThat(realm.processor().measurement(MeasurementRegister.REM2))
                .isEqualTo(log.replay(new byte[32]))
                .isNotEqualTo(new byte[32]);
        assertThat(realm.processor().measurement(MeasurementRegister.REM0)).isEqualTo(new byte[32]);
        assertThat(realm.processor().measurement(MeasurementRegister.REM3)).isEqualTo(new byte[32]);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "[]",
                "{\"domain\":\"d\",\"operation\":\"o\"}",
                "{\"domain\":\"d\",\"operation\":\"o\",\"content\":1}",
                "{\"domain\":\"d d\",\"operation\":\"o\",\"content\":\"c\"}",
                "{\"domain\":\"\",\"operation\":\"o\",\"content\":\"c\"}",
                "{\"domain\":\"d\",\"operation\":\"o\",\"content\":\"line1\\nline2\"}"
            })
    void eventThatIsNoneExtendsNothing(String body) throws Exception {
        serve(WorkloadFeatures.ATTESTATION);

        assertAnswer(post("/aa/aael", body), 500, "Illegal AAEL");
        assertThat(events.toBytes()).isEmpty();
        assertThat(realm.processor().measurement(MeasurementRegister.REM2)).isEqualTo(new byte[32]);
    }

    @Test
    void oversizedBodyIsRefused() throws Exception {
        serve(WorkloadFeatures.ATTESTATION);

        assertThat(post("/aa/aael", "x".repeat(Question.MAX_BODY_BYTES + 1)).statusCode())
                .isEqualTo(413);
        assertThat(events.toBytes()).isEmpty();
    }

    private void serve(WorkloadFeatures features) {
        EvidenceCollector evidence = new EvidenceCollector(realm.rsi());
        RcarClient rcar = new RcarClient(realm.keyBroker(), evidence, events, realm.initdata());
        server = ApiServer.listen(
                WorkloadApi.of(
                        features,
                        new WorkloadApi.Parts(
                                realm.secrets(), new WorkloadToken(rcar, events, clock), evidence, events)),
                0);
    }

    private HttpResponse<byte[]> get(String path) throws Exception {
        return send("GET", path, "");
    }

    private HttpResponse<byte[]> post(String path, String body) throws Exception {
        return send("POST", path, body);
    }

    private HttpResponse<byte[]> send(String method, String path, String body) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + path))
                .method(method, body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body))
                .build();
        return client.send(request, BodyHandlers.ofByteArray());
    }

    private static String event(String domain, String operation, String content) {
        return "{\"domain\":\"" + domain + "\",\"operation\":\"" + operation + "\",\"content\":\"" + content + "\"}";
    }

    private static String json(HttpResponse<byte[]> answer) {
        assertThat(answer.statusCode()).isEqualTo(200);
        return new String(answer.body(), StandardCharsets.UTF_8);
    }

    private static void assertAnswer(HttpResponse<byte[]> answer, int status, String text) {
        assertThat(answer.statusCode()).isEqualTo(status);
        assertThat(new String(answer.body(), StandardCharsets.UTF_8)).contains(text);
    }
}
