// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.attestation.veraison;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.realmesh.attestation.appraisal.Appraisal;
import dev.realmesh.attestation.appraisal.AppraisalException;
import dev.realmesh.attestation.appraisal.AppraisalRequest;
import dev.realmesh.cca.Bytes;
import dev.realmesh.cca.ear.Ear;
import dev.realmesh.cca.ear.EarSigningKey;
import dev.realmesh.cca.ear.EarVerifier;
import dev.realmesh.cca.ear.SubmodAppraisal;
import dev.realmesh.cca.ear.TrustTier;
import dev.realmesh.cca.ear.TrustVector;
import dev.realmesh.testkit.Vectors;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;

@Timeout(60)
class VeraisonAppraiserTest {
    private static final Instant RECORDED = Instant.parse("2026-11-23T11:03:30Z");
    private static final Bytes NONCE = Bytes.copyOf(Base64.getUrlDecoder()
            .decode("byTWuWNaLIu_WOkIuU4Ewb-zroDN6-gyQkV4SZ_jF2Hn9eHYvOASGET1Sr36UobaiPU6ZXsVM1yTlrQyklS8XA"));
    private static final AppraisalRequest REQUEST =
            new AppraisalRequest(Bytes.copyOf(Vectors.bytes("attestation/tokens/good-399.cbor")), NONCE);
    private static final Path EAR_KEY = Vectors.path("attestation/keys/ear-verification-key.jwk");

    @TempDir
    private Path folder;

    private final RecordedVeraison veraison = new RecordedVeraison();

    @AfterEach
    void stop() {
        veraison.close();
    }

    @Test
    void passesVeraisonsResultOn() {
        Appraisal appraisal = appraise();

        assertThat(appraisal.ear().submods()).containsOnlyKeys(Ear.PLATFORM, Ear.REALM);
        assertThat(appraisal.ear().status()).isEqualTo(TrustTier.AFFIRMING);
        assertThat(EarVerifier.ofJwk(read(EAR_KEY)).verify(appraisal.jwt())).isEqualTo(appraisal.ear());
        assertThat(veraison.requests)
                .containsExactly(
                        RecordedVeraison.DISCOVERY,
                        RecordedVeraison.NEW_SESSION,
                        RecordedVeraison.EVIDENCE,
                        RecordedVeraison.DELETE);
    }

    @Test
    void showsItsAuthorization() throws IOException {
        Path authorization = Files.writeString(folder.resolve("authorization"), "Bearer of-the-gateway\n");
        VeraisonConfig config = new VeraisonConfig(
                veraison.uri(),
                Optional.empty(),
                EAR_KEY,
                Optional.empty(),
                Optional.of(authorization),
                Duration.ofSeconds(10),
                1);
        try (VeraisonAppraiser appraiser = VeraisonAppraiser.open(config, InstantSource.fixed(RECORDED))) {
            appraiser.appraise(REQUEST);
        }
        assertThat(veraison.authorizations).hasSize(4).containsOnly("Bearer of-the-gateway");
    }

    @ParameterizedTest
    @ValueSource(strings = {RecordedVeraison.DISCOVERY, RecordedVeraison.NEW_SESSION, RecordedVeraison.EVIDENCE})
    void triesAgainWhileVeraisonIsInTrouble(String request) {
        AtomicInteger failures = new AtomicInteger(2);
        veraison.change(
                request,
                good -> good.withStatus(503).after(() -> {
                    if (failures.decrementAndGet() == 0) {
                        veraison.change(request, bad -> good);
                    }
                }));
        assertThat(appraise().ear().status()).isEqualTo(TrustTier.AFFIRMING);
    }

    /// @param seconds how long what the document said is used
    @ParameterizedTest
    @CsvSource({
        "'', 60",
        "max-age=60, 60",
        "'public, Max-Age=5', 5",
        "max-age=999999999, 3600",
        "max-age=soon, 60",
        "max-age=0, 0",
        "'max-age=60, no-store', 0"
    })
    void asksWhereSessionsBeginOnceForAWhile(String cacheControl, int seconds) {
        veraison.cacheControl = cacheControl;
        AtomicReference<Instant> now = new AtomicReference<>(RECORDED);
        try (VeraisonAppraiser appraiser = VeraisonAppraiser.open(config(Duration.ofSeconds(10), 1), now::get)) {
            appraiser.appraise(REQUEST);
            if (seconds > 0) {
                veraison.requests.clear();
                appraise(appraiser, now, RECORDED.plusSeconds(seconds - 1));
                assertThat(veraison.requests).doesNotContain(RecordedVeraison.DISCOVERY);
            }
            veraison.requests.clear();
            appraise(appraiser, now, RECORDED.plusSeconds(seconds));
            assertThat(veraison.requests).contains(RecordedVeraison.DISCOVERY);
        }
    }

    @Test
    void asksAnewWhereSessionsBeginOnceAnotherKeySigned() {
        try (VeraisonAppraiser appraiser =
                VeraisonAppraiser.open(config(Duration.ofSeconds(10), 1), InstantSource.fixed(RECORDED))) {
            appraiser.appraise(REQUEST);
            result(EarSigningKey.generate(), NONCE, RECORDED, Ear.PLATFORM, Ear.REALM);
            assertThatThrownBy(() -> appraiser.appraise(REQUEST)).hasMessageContaining("signature");
            veraison.requests.clear();
            assertThatThrownBy(() -> appraiser.appraise(REQUEST)).hasMessageContaining("signature");
            assertThat(veraison.requests).contains(RecordedVeraison.DISCOVERY);
        }
    }

    @Test
    void findsSessionsThatHaveMoved() {
        try (VeraisonAppraiser appraiser =
                VeraisonAppraiser.open(config(Duration.ofSeconds(10), 2), InstantSource.fixed(RECORDED))) {
            appraiser.appraise(REQUEST);
            veraison.change(
                    RecordedVeraison.NEW_SESSION,
                    good -> good.withStatus(404)
                            .after(() -> veraison.change(RecordedVeraison.NEW_SESSION, bad -> good)));
            veraison.requests.clear();
            appraiser.appraise(REQUEST);
            assertThat(veraison.requests)
                    .startsWith(RecordedVeraison.NEW_SESSION, RecordedVeraison.DISCOVERY, RecordedVeraison.NEW_SESSION);
        }
    }

    /// The recorded result is too old by then, and is not taken; that it was asked for is what counts.
    private static void appraise(VeraisonAppraiser appraiser, AtomicReference<Instant> now, Instant then) {
        now.set(then);
        try {
            appraiser.appraise(REQUEST);
        } catch (AppraisalException.Unavailable e) {
            assertThat(e).hasMessageContaining("within a minute");
        }
    }

    @Test
    void saysThatVeraisonIsNotThere() {
        veraison.close();
        assertThatThrownBy(this::appraise)
                .isInstanceOf(AppraisalException.Unavailable.class)
                .hasMessageContaining(veraison.uri().toString());
    }

    @Test
    void doesNotWaitForASlowVeraison() {
        CountDownLatch never = new CountDownLatch(1);
        veraison.change(RecordedVeraison.EVIDENCE, good -> good.after(() -> await(never)));
        try {
            assertThatThrownBy(() -> appraise(Duration.ofMillis(200), 1, RECORDED))
                    .isInstanceOf(AppraisalException.Unavailable.class)
                    .hasMessageContaining("timed out");
        } finally {
            never.countDown();
        }
    }

    @Test
    void leavesAVeraisonAloneThatStaysInTrouble() {
        veraison.change(RecordedVeraison.DISCOVERY, good -> good.withStatus(500));
        VeraisonConfig config = config(Duration.ofSeconds(10), 1);
        try (VeraisonAppraiser appraiser = VeraisonAppraiser.open(config, InstantSource.fixed(RECORDED))) {
            for (int i = 0; i < 10; i++) {
                assertThatThrownBy(() -> appraiser.appraise(REQUEST)).hasMessageContaining("500");
            }
            assertThatThrownBy(() -> appraiser.appraise(REQUEST))
                    .isInstanceOf(AppraisalException.Unavailable.class)
                    .hasMessageContaining("left alone for 10 s");
        }
        assertThat(veraison.requests).hasSize(10);
    }

    static Stream<Arguments> lies() {
        return Stream.of(
                Arguments.of(RecordedVeraison.DISCOVERY, (Lie) good -> good.withBody(body -> "<html>")),
                Arguments.of(
                        RecordedVeraison.DISCOVERY, (Lie) good -> good.withBody(body -> body.replace("CCA-SSD", "x"))),
                Arguments.of(RecordedVeraison.DISCOVERY, (Lie) good -> good.withBody(body ->
                        body.replace("/challenge-response/v1/newSession", "http://elsewhere.example/newSession"))),
                Arguments.of(RecordedVeraison.NEW_SESSION, (Lie)
                        good -> good.withBody(body -> body.replace("byTWuWNaLIu", "AAAAAAAAAAA"))),
                Arguments.of(RecordedVeraison.NEW_SESSION, (Lie) good -> good.withLocation("//elsewhere.example/x")),
                Arguments.of(RecordedVeraison.NEW_SESSION, (Lie) good -> good.withLocation("")),
                Arguments.of(RecordedVeraison.NEW_SESSION, (Lie) good -> good.withStatus(307)),
                Arguments.of(RecordedVeraison.EVIDENCE, (Lie)
                        good -> good.withBody(body -> body.replace("complete", "failed"))),
                Arguments.of(
                        RecordedVeraison.EVIDENCE, (Lie) good -> good.withBody(body -> "{\"status\":\"complete\"}")),
                Arguments.of(RecordedVeraison.EVIDENCE, (Lie) good -> good.withBody(body -> " ".repeat(2 << 20))),
                Arguments.of(RecordedVeraison.EVIDENCE, (Lie) good -> good.withStatus(403)));
    }

    interface Lie extends java.util.function.UnaryOperator<RecordedVeraison.Answer> {}

    @ParameterizedTest
    @MethodSource("lies")
    void takesNoResultFromAVeraisonThatLies(String request, Lie lie) {
        veraison.change(request, lie);
        assertThatThrownBy(() -> appraise(Duration.ofSeconds(10), 1, RECORDED))
                .isInstanceOf(AppraisalException.Unavailable.class)
                .hasMessageStartingWith("verifier: Veraison, " + veraison.uri());
    }

    @Test
    void takesResultsOfThePinnedSignerAlone() {
        result(EarSigningKey.generate(), NONCE, RECORDED, Ear.PLATFORM, Ear.REALM);
        assertThatThrownBy(this::appraise).hasMessageContaining("signature");
    }

    @Test
    void takesResultsForItsOwnNonceAlone() {
        result(ours(), Bytes.copyOf(new byte[64]), RECORDED, Ear.PLATFORM, Ear.REALM);
        assertThatThrownBy(this::appraiseByOurs).hasMessageContaining("another nonce");
    }

    @Test
    void takesFreshResultsAlone() {
        result(ours(), NONCE, RECORDED.minusSeconds(90), Ear.PLATFORM, Ear.REALM);
        assertThatThrownBy(this::appraiseByOurs).hasMessageContaining("within a minute");
    }

    @Test
    void wantsBothPartsOfAResult() {
        result(ours(), NONCE, RECORDED, Ear.PLATFORM);
        assertThatThrownBy(this::appraiseByOurs).hasMessageContaining("expected: on CCA_SSD_PLATFORM and CCA_REALM");
        result(ours(), NONCE, RECORDED, Ear.REFUSED);
        assertThat(appraiseByOurs().ear().submods()).containsOnlyKeys(Ear.REFUSED);
    }

    /// Any deployment: whatever it was provisioned with, it gives a result on a recorded token.
    @Test
    @EnabledIfEnvironmentVariable(named = "REALMESH_VERAISON_URL", matches = "https?://.+")
    @EnabledIfEnvironmentVariable(named = "REALMESH_VERAISON_EAR_KEY", matches = ".+")
    void realDeploymentGivesAResult() {
        VeraisonConfig config = VeraisonConfig.of(
                URI.create(System.getenv("REALMESH_VERAISON_URL")),
                Path.of(System.getenv("REALMESH_VERAISON_EAR_KEY")));
        try (VeraisonAppraiser appraiser = VeraisonAppraiser.open(config, InstantSource.system())) {
            assertThat(appraiser.appraise(REQUEST).ear().submods()).isNotEmpty();
        }
    }

    private Appraisal appraise() {
        return appraise(Duration.ofSeconds(10), 3, RECORDED);
    }

    private Appraisal appraise(Duration timeout, int attempts, Instant now) {
        try (VeraisonAppraiser appraiser =
                VeraisonAppraiser.open(config(timeout, attempts), InstantSource.fixed(now))) {
            return appraiser.appraise(REQUEST);
        }
    }

    private Appraisal appraiseByOurs() {
        Path key = folder.resolve("ours.jwk");
        write(key, ours().publicJwk());
        try (VeraisonAppraiser appraiser =
                VeraisonAppraiser.open(VeraisonConfig.of(veraison.uri(), key), InstantSource.fixed(RECORDED))) {
            return appraiser.appraise(REQUEST);
        }
    }

    private VeraisonConfig config(Duration timeout, int attempts) {
        return new VeraisonConfig(
                veraison.uri(), Optional.empty(), EAR_KEY, Optional.empty(), Optional.empty(), timeout, attempts);
    }

    private static EarSigningKey ours() {
        return EarSigningKey.ofPrivateJwk(read(Vectors.path("attestation/keys/TEST-ear-signer.private.jwk")));
    }

    /// Lets Veraison answer with this result.
    private void result(EarSigningKey key, Bytes nonce, Instant at, String... submods) {
        SubmodAppraisal affirming = SubmodAppraisal.of(TrustVector.all(2), "policy:ARM_CCA", "");
        Ear ear = Ear.of(
                at,
                nonce,
                new Ear.VerifierId("test", "1"),
                Map.copyOf(Stream.of(submods)
                        .collect(java.util.stream.Collectors.toMap(name -> name, name -> affirming))));
        String body = JsonMapper.shared().writeValueAsString(Map.of("status", "complete", "result", key.sign(ear)));
        veraison.change(RecordedVeraison.EVIDENCE, good -> good.withBody(old -> body));
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private static void write(Path file, String text) {
        try {
            Files.writeString(file, text, StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
