// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.attestation.rest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.realmesh.attestation.AttestationService;
import dev.realmesh.attestation.result.ResultFilter;
import dev.realmesh.attestation.result.ResultStore;
import dev.realmesh.attestation.result.StoredResult;
import dev.realmesh.cca.ear.Ear;
import dev.realmesh.cca.ear.EarVerifier;
import dev.realmesh.cca.ear.TrustTier;
import dev.realmesh.storage.Database;
import dev.realmesh.testkit.Vectors;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/// `/challenge-response/v1` from the first request to the last.
class SessionsOverRestTest {
    private static final Instant START = Instant.parse("2026-11-23T12:00:00Z");
    private static final byte[] GOOD = Vectors.bytes("attestation/tokens/good-907.cbor");

    @TempDir
    private Path state;

    private final AtomicReference<Instant> now = new AtomicReference<>(START);
    private RestFixture fixture;

    @BeforeEach
    void open() {
        RestConfig config = new RestConfig(
                "127.0.0.1",
                0,
                Optional.empty(),
                List.of(RestConfig.Authentication.BEARER),
                RestConfig.NonceEncoding.BASE64URL,
                Duration.ofSeconds(150),
                2);
        fixture = RestFixture.open(state, config, now::get).provisioned();
    }

    @AfterEach
    void close() {
        fixture.close();
    }

    @Test
    void aRelyingPartyGetsTheResultThatTheAttesterGot() {
        String session = fixture.newSession();
        JsonNode submitted = RestFixture.json(fixture.submit(session, GOOD));
        JsonNode read = RestFixture.json(fixture.get(session));

        assertThat(read).isEqualTo(submitted);
        assertThat(read.get("status").asString()).isEqualTo("complete");
        JsonNode key = RestFixture.json(fixture.get("/.well-known/veraison/verification"))
                .get("ear-verification-key");
        Ear ear = EarVerifier.ofJwk(key.toString()).verify(read.get("result").asString());
        assertThat(ear.status()).isEqualTo(TrustTier.AFFIRMING);
        assertThat(ear.submods()).containsOnlyKeys(Ear.PLATFORM, Ear.REALM);
    }

    @Test
    void keysOfTokensForATrusteeAreThere() {
        HttpResponse<String> response = fixture.get("/.well-known/jwks.json");

        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.headers().firstValue("Content-Type")).contains("application/json");
        assertThat(RestFixture.json(response).get("keys").valueStream())
                .singleElement()
                .satisfies(key -> {
                    assertThat(key.propertyNames())
                            .containsExactlyInAnyOrder("kty", "crv", "x", "y", "alg", "use", "kid");
                    assertThat(key.get("alg").asString()).isEqualTo("ES256");
                });
    }

    @Test
    void aSessionIsGoodForOneVerdict() {
        String session = fixture.newSession();
        fixture.submit(session, Vectors.bytes("attestation/tokens/platform-sig-flipped.cbor"));
        JsonNode first = RestFixture.json(fixture.get(session));

        HttpResponse<String> second = fixture.submit(session, GOOD);

        requireProblem(second, 409);
        assertThat(RestFixture.json(fixture.get(session))).isEqualTo(first);
    }

    @Test
    void whatIsNotAppraisedLeavesTheSessionWaiting() {
        String session = fixture.newSession();
        requireProblem(fixture.submit(session, new byte[0]), 400);
        requireProblem(fixture.submit(session, new byte[(64 << 10) + 1]), 400);
        requireProblem(fixture.submit(session, new byte[(128 << 10) + 1]), 413);
        requireProblem(fixture.post(session, Map.of("Content-Type", "text/plain"), GOOD), 415);

        assertThat(status(session)).isEqualTo("waiting");
        assertThat(RestFixture.json(fixture.submit(session, GOOD)).get("status").asString())
                .isEqualTo("complete");
    }

    @Test
    void aSessionEndsAfterItsTimeAndEachUseRenewsIt() {
        String used = fixture.newSession();
        String unused = fixture.newSession();
        now.set(START.plusSeconds(149));
        assertThat(status(used)).isEqualTo("waiting");
        now.set(START.plusSeconds(150));
        requireProblem(fixture.get(unused), 404);
        requireProblem(fixture.submit(unused, GOOD), 404);
        now.set(START.plusSeconds(298));
        assertThat(status(used)).isEqualTo("waiting");
        assertThat(RestFixture.json(fixture.get(used)).get("expiry").asString())
                .isEqualTo(START.plusSeconds(150).toString());
    }

    @Test
    void noMoreSessionsAreOpenedThanMay() {
        String first = fixture.newSession();
        fixture.newSession();
        requireProblem(fixture.post(RestFixture.NEW_SESSION, Map.of(), new byte[0]), 503);

        assertThat(fixture.send("DELETE", first, Map.of(), new byte[0]).statusCode())
                .isEqualTo(204);
        assertThat(fixture.post(RestFixture.NEW_SESSION, Map.of(), new byte[0]).statusCode())
                .isEqualTo(201);
    }

    @Test
    void whatIsNotStoredIsNotAnsweredAndMayComeAgain() {
        String session = fixture.newSession();
        try (Database database = database()) {
            execute(database, "ALTER TABLE result RENAME TO elsewhere");
            requireProblem(fixture.submit(session, GOOD), 503);
            assertThat(status(session)).isEqualTo("failed");

            execute(database, "ALTER TABLE elsewhere RENAME TO result");
            assertThat(RestFixture.json(fixture.submit(session, GOOD))
                            .get("status")
                            .asString())
                    .isEqualTo("complete");
        }
    }

    @Test
    void resultsAreStoredWithThoseOfGrpc() {
        JsonNode submitted = RestFixture.json(fixture.submit(fixture.newSession(), GOOD));

        try (Database database = database()) {
            assertThat(new ResultStore(database).list(ResultFilter.ALL, 10, "").results())
                    .extracting(StoredResult::jwt)
                    .containsExactly(submitted.get("result").asString());
        }
    }

    private Database database() {
        return Database.openSqlite(state.resolve("attestation.db"), AttestationService.MIGRATIONS);
    }

    private static void execute(Database database, String sql) {
        database.write("test", connection -> {
            try (Statement statement = connection.createStatement()) {
                return statement.execute(sql);
            }
        });
    }

    private String status(String session) {
        return RestFixture.json(fixture.get(session)).get("status").asString();
    }

    private static void requireProblem(HttpResponse<String> response, int status) {
        assertThat(response.statusCode()).isEqualTo(status);
        assertThat(response.headers().firstValue("Content-Type")).contains("application/problem+json");
        assertThat(RestFixture.json(response).get("status").asInt()).isEqualTo(status);
    }
}
