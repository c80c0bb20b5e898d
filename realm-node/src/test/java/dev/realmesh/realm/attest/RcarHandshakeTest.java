// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.realm.attest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.realmesh.cca.abi.RsiCommand;
import dev.realmesh.cca.abi.RsiStatus;
import dev.realmesh.kbs.ResourcePath;
import dev.realmesh.realm.grpc.EarOf;
import dev.realmesh.realm.grpc.RealmFixture;
import dev.realmesh.realm.grpc.TurnedClock;
import dev.realmesh.realm.rsi.RsiException;
import io.grpc.Status;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The RCAR handshake over gRPC, with a broker that has real keys.
@Timeout(30)
class RcarHandshakeTest {
    @TempDir
    Path folder;

    private RealmFixture realm;

    @BeforeEach
    void start() throws IOException {
        realm = RealmFixture.offering("plain-tar", folder);
    }

    @AfterEach
    void stop() throws IOException {
        realm.close();
    }

    @Test
    void bindsEvidenceToNonceAndTeeKey() {
        byte[] token = "a CCA token".getBytes(StandardCharsets.US_ASCII);
        realm.processor().signing(token, 4);

        AttestedSession session = realm.sessions().current();

        assertThat(session.appraised().resultId()).isEqualTo("result-1");
        assertThat(realm.processor().challenge())
                .isEqualTo(realm.broker().challenges().getFirst().toBytes());
        var sent = realm.broker().attestations().getFirst();
        assertThat(sent.getEvidence().toByteArray()).isEqualTo(token);
        assertThat(sent.getInitdata().toByteArray()).isEqualTo(realm.initdata().toBytes());
        assertThat(sent.getTeePublicKey().toStringUtf8()).doesNotContain("\"d\"");
    }

    @Test
    void attestsOnceForManyUses() {
        Sessions sessions = realm.sessions();

        assertThat(sessions.current()).isSameAs(sessions.current());
        assertThat(realm.broker().attestations()).hasSize(1);
    }

    @Test
    void attestsAgainShortlyBeforeTheResultEnds() {
        TurnedClock clock = new TurnedClock();
        realm.broker().answerResult(EarOf.endingAt(clock.instant().plusSeconds(300)));
        Sessions sessions = realm.sessions(clock);
        AttestedSession first = sessions.current();

        clock.advance(Duration.ofSeconds(269));
        assertThat(sessions.current()).isSameAs(first);

        clock.advance(Duration.ofSeconds(1));
        realm.broker().answerResult(EarOf.endingAt(clock.instant().plusSeconds(300)));
        AttestedSession second = sessions.current();
        assertThat(second.id()).isNotEqualTo(first.id());
        assertThat(second.nonce()).isNotEqualTo(first.nonce());
        assertThat(sessions.current()).isSameAs(second);
        assertThat(realm.broker().attestations()).hasSize(2);
    }

    @ParameterizedTest
    @ValueSource(strings = {"{}", "{\"exp\":\"soon\"}", "{\"exp\":1e400}", "{\"exp\":99999999999999999}", "no json"})
    void keepsASessionWhoseResultNamesNoEnd(String claims) {
        TurnedClock clock = new TurnedClock();
        realm.broker().answerResult(EarOf.claiming(claims));
        Sessions sessions = realm.sessions(clock);
        AttestedSession first = sessions.current();

        clock.advance(Duration.ofDays(1000));

        assertThat(sessions.current()).isSameAs(first);
    }

    @Test
    void attestsOnceForManyWhoNeedItAtOnce() throws Exception {
        Sessions sessions = realm.sessions();
        AttestedSession ended = sessions.current();
        realm.broker().forgetSessions();
        List<Callable<AttestedSession>> askers = Collections.nCopies(32, () -> sessions.renewed(ended));
        Set<AttestedSession> seen = new HashSet<>();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (Future<AttestedSession> asked : threads.invokeAll(askers)) {
                seen.add(asked.get());
            }
        }

        assertThat(seen).hasSize(1).doesNotContain(ended);
        assertThat(realm.broker().attestations()).hasSize(2);
    }

    @Test
    void beginsAnewWithABrokerThatWasRestartedInTheHandshake() {
        realm.broker().holding("default/key/1", new byte[] {1});
        realm.broker().restartBeforeAttest();

        realm.secrets().get(ResourcePath.parse("default/key/1")).close();

        assertThat(realm.broker().attestations()).hasSize(1);
        assertThat(realm.broker().releases()).isEqualTo(1);
        assertThat(realm.processor().challenge())
                .isEqualTo(realm.broker().challenges().getFirst().toBytes());
    }

    @Test
    void givesUpOnABrokerThatForgetsEachSession() {
        realm.broker().restartBeforeAttest();
        realm.broker().restartBeforeAttest();

        assertThatThrownBy(() -> realm.sessions().current()).isInstanceOf(BrokerException.SessionEnded.class);
        assertThat(realm.broker().attestations()).isEmpty();
    }

    @Test
    void triesAgainAfterUnavailableOnly() {
        realm.broker().failChallenge(Status.UNAVAILABLE, Status.UNAVAILABLE);
        assertThat(realm.sessions().current().id().text()).hasSize(32);

        realm.broker().failChallenge(Status.UNAVAILABLE, Status.UNAVAILABLE, Status.UNAVAILABLE);
        assertThatThrownBy(() -> realm.sessions().current()).isInstanceOf(BrokerException.Unavailable.class);

        realm.broker().failChallenge(Status.INTERNAL);
        assertThatThrownBy(() -> realm.sessions().current()).isInstanceOf(BrokerException.Unavailable.class);
        assertThat(realm.broker().attestations()).hasSize(1);
    }

    @Test
    void saysWhyTheBrokerRefused() {
        realm.broker().failAttest(Status.PERMISSION_DENIED.withDescription("CCA_REALM: RIM is not endorsed\nx"));

        assertThatThrownBy(() -> realm.sessions().current())
                .isInstanceOf(BrokerException.Refused.class)
                .hasMessageContaining("CCA_REALM: RIM is not endorsed x");
    }

    @Test
    void asksNobodyForSecretsWithoutEvidence() {
        realm.processor().bending(RsiCommand.ATTEST_TOKEN_INIT, answer -> answer.with(0, RsiStatus.ERROR_STATE.code()));

        assertThatThrownBy(() -> realm.sessions().current()).isInstanceOf(RsiException.Refused.class);
        assertThat(realm.broker().attestations()).isEmpty();
    }
}
