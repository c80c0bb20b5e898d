// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.keybroker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.realmesh.cca.Bytes;
import dev.realmesh.cca.ear.Ear;
import dev.realmesh.kbs.AgentPolicy;
import dev.realmesh.kbs.BrokerIdentity;
import dev.realmesh.kbs.ImagePolicy;
import dev.realmesh.kbs.RealmSettings;
import io.grpc.Status;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// KBS protocol 0.4.0 over HTTP: guests attest and get secrets, and everyone else does not.
class KbsOverHttpTest {
    private static final String PATH = "default/key/k1";
    private static final String SECRET = "of the owner";

    @TempDir
    Path folder;

    private BrokerUnderTest broker;
    private KbsClientUnderTest guest;

    @BeforeEach
    void open() {
        broker = new BrokerUnderTest(folder);
        broker.put(PATH, SECRET.getBytes());
        guest = new KbsClientUnderTest(broker);
    }

    @AfterEach
    void close() {
        guest.close();
        broker.close();
    }

    @Test
    void attestedGuestGetsASecretByItsCookie() {
        HttpResponse<String> attested = guest.auth().attest(broker.initdata);

        assertThat(attested.statusCode()).isEqualTo(200);
        assertThat(attested.headers().firstValue("Set-Cookie"))
                .hasValueSatisfying(cookie ->
                        assertThat(cookie).startsWith(guest.cookie + "; Expires=Mon, 23 Nov 2026 12:05:00 GMT"));
        assertThat(guest.open(guest.get(PATH))).isEqualTo(SECRET);
    }

    @Test
    void attestedGuestGetsASecretByItsToken() {
        String token = token(guest.auth().attest(broker.initdata));

        HttpResponse<String> answer =
                guest.send("GET", "/kbs/v0/resource/" + PATH, Map.of("Authorization", "Bearer " + token), "");

        assertThat(guest.open(answer)).isEqualTo(SECRET);
    }

    @Test
    void tokenEndsWithItsSession() {
        String token = token(guest.auth().attest(broker.initdata));
        broker.clock.advance(Duration.ofMinutes(5));

        HttpResponse<String> answer =
                guest.send("GET", "/kbs/v0/resource/" + PATH, Map.of("Authorization", "Bearer " + token), "");

        refused(answer, 401, "TokenNotFound");
        refused(guest.get(PATH), 401, "TokenNotFound");
    }

    @Test
    void secondAttestationOfASessionGetsItsTokenAgainAndIsNotLookedAt() {
        String token = token(guest.auth().attest(broker.initdata));

        HttpResponse<String> again =
                guest.send("POST", "/kbs/v0/attest", Map.of("Cookie", guest.cookie), "no attestation at all");

        assertThat(token(again)).isEqualTo(token);
        assertThat(broker.verifier.requests).hasSize(1);
    }

    @Test
    void oneOfManyAttestationsOfASessionIsAppraised() throws Exception {
        guest.auth();
        List<HttpResponse<String>> answers = atOnce(() -> guest.attest(broker.initdata));

        assertThat(answers).allSatisfy(answer -> assertThat(answer.statusCode()).isIn(200, 401));
        assertThat(answers).anySatisfy(answer -> assertThat(answer.statusCode()).isEqualTo(200));
        assertThat(broker.verifier.requests).hasSize(1);
        assertThat(guest.open(guest.get(PATH))).isEqualTo(SECRET);
    }

    @Test
    void evidenceOfAnotherSessionIsRefused() {
        broker.verifier.answer(request -> broker.verifier.ear(
                Bytes.copyOf(new byte[64]), ScriptedVerifier.affirmingSubmods(broker.initdata.personalizationValue())));

        refused(guest.auth().attest(broker.initdata), 401, "AttestationError");
        refused(guest.get(PATH), 401, "TokenNotFound");
    }

    /// Upstream releases secrets to guests that it appraised contraindicated; this broker does not even attest them.
    @ParameterizedTest
    @ValueSource(ints = {33, 96})
    void contraindicatedGuestGetsNothing(int executables) {
        var submods = ScriptedVerifier.affirmingSubmods(broker.initdata.personalizationValue());
        submods.put(Ear.REALM, ScriptedVerifier.submod(executables));
        broker.verifier.answerSubmods(submods);

        refused(guest.auth().attest(broker.initdata), 401, "AttestationError");
        refused(guest.get(PATH), 401, "TokenNotFound");
    }

    /// A guest that may have no secret is not told whether there is one.
    @Test
    void deniedGuestIsNotToldWhatIsThere() {
        var other = new RealmSettings(
                        BrokerIdentity.generate().publicKey(), ImagePolicy.ENCRYPTED_ONLY, AgentPolicy.NOTHING)
                .toInitdata();
        broker.verifier.answerSubmods(ScriptedVerifier.affirmingSubmods(other.personalizationValue()));
        assertThat(guest.auth().attest(other).statusCode()).isEqualTo(200);

        HttpResponse<String> there = guest.get(PATH);
        HttpResponse<String> missing = guest.get("default/key/none");

        refused(there, 401, "PolicyDeny");
        refused(missing, 401, "PolicyDeny");
        assertThat(missing.body()).isEqualTo(there.body());
    }

    @Test
    void verifierThatIsAwayIsNoRefusalAndTheChallengeStands() {
        broker.verifier.answer(request -> {
            throw Status.UNAVAILABLE.asRuntimeException();
        });
        refused(guest.auth().attest(broker.initdata), 503, "Unavailable");

        broker.verifier.answerSubmods(ScriptedVerifier.affirmingSubmods(broker.initdata.personalizationValue()));

        assertThat(guest.attest(broker.initdata).statusCode()).isEqualTo(200);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"tee-evidence\":{}}",
                "[]",
                "{\"runtime-data\":{\"nonce\":\"\",\"tee-pubkey\":{}},\"tee-evidence\":{\"primary_evidence\":"
                        + "{\"token\":[256]},\"additional_evidence\":\"\"}}",
                "{\"a\":1,\"a\":2}"
            })
    void attestationOfAnotherShapeIsRefused(String body) {
        guest.auth();

        refused(guest.send("POST", "/kbs/v0/attest", Map.of("Cookie", guest.cookie), body), 401, "AttestationError");
        assertThat(broker.verifier.requests).isEmpty();
        assertThat(guest.attest(broker.initdata).statusCode()).isEqualTo(200);
    }

    @Test
    void evidenceThatIsNoArrayOfBytesIsRefused() {
        guest.auth();
        String good = guest.attestation(broker.initdata, new byte[] {1});

        for (String token : List.of("\"2QGP\"", "[]", "[1.5]", "[-1]", "[256]", "[\"1\"]", "null")) {
            String body = good.replace("\"token\":[1]", "\"token\":" + token);
            refused(
                    guest.send("POST", "/kbs/v0/attest", Map.of("Cookie", guest.cookie), body),
                    401,
                    "AttestationError");
        }
        String devices = good.replace("\"additional_evidence\":\"\"", "\"additional_evidence\":\"{}\"");
        refused(guest.send("POST", "/kbs/v0/attest", Map.of("Cookie", guest.cookie), devices), 401, "AttestationError");
        assertThat(broker.verifier.requests).isEmpty();
    }

    @Test
    void bodyOverTheLimitIsRefused() {
        refused(guest.send("POST", "/kbs/v0/auth", Map.of(), " ".repeat(20_000)), 413, "PayloadTooLarge");
        refused(guest.send("POST", "/kbs/v0/attest", Map.of(), " ".repeat(3 << 20)), 413, "PayloadTooLarge");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "default/key/k%31",
                "default/key/.k1",
                "default/key/%2e%2e",
                "default//k1",
                "default/key/k1/",
                "../key/k1",
                "default/key/k1%00"
            })
    void resourceIsFoundByItsOwnPathOnly(String path) {
        guest.auth().attest(broker.initdata);

        refused(guest.get(path), 401, "PluginInternalError");
    }

    @Test
    void ownerPutsAndDeletesByTheAdminToken() {
        Map<String, String> owner = Map.of("Authorization", "Bearer " + broker.adminToken());
        assertThat(guest.send("POST", "/kbs/v0/resource/a/b/c", owner, "new").statusCode())
                .isEqualTo(200);
        guest.auth().attest(broker.initdata);
        assertThat(guest.open(guest.get("a/b/c"))).isEqualTo("new");

        assertThat(guest.send("DELETE", "/kbs/v0/resource/a/b/c", owner, "").statusCode())
                .isEqualTo(200);

        refused(guest.get("a/b/c"), 401, "PluginInternalError");
        refused(guest.send("DELETE", "/kbs/v0/resource/a/b/c", owner, ""), 401, "PluginInternalError");
    }

    @Test
    void nobodyElsePutsOrDeletes() {
        String ear = token(guest.auth().attest(broker.initdata));
        for (Map<String, String> headers : List.of(
                Map.<String, String>of(),
                Map.of("Authorization", "Bearer " + ear),
                Map.of("Authorization", "Basic " + broker.adminToken()),
                Map.of("Cookie", guest.cookie))) {
            refused(guest.send("POST", "/kbs/v0/resource/" + PATH, headers, "mine"), 401, "AdminAuthInitialization");
            refused(guest.send("DELETE", "/kbs/v0/resource/" + PATH, headers, ""), 401, "AdminAuthInitialization");
        }
        assertThat(guest.open(guest.get(PATH))).isEqualTo(SECRET);
    }

    private static void refused(HttpResponse<String> answer, int status, String kind) {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
        assertThat(KbsClientUnderTest.kind(answer)).isEqualTo(kind);
        assertThat(answer.body()).doesNotContain(SECRET);
    }

    private static String token(HttpResponse<String> answer) {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return KbsClientUnderTest.JSON.readTree(answer.body()).required("token").stringValue();
    }

    private static <T> List<T> atOnce(Callable<T> work) throws Exception {
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<T>> all =
                    IntStream.range(0, 20).mapToObj(i -> threads.submit(work)).toList();
            List<T> results = new ArrayList<>();
            for (Future<T> one : all) {
                results.add(one.get());
            }
            return results;
        }
    }
}
