// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.realm.attest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.realmesh.cca.abi.RsiCommand;
import dev.realmesh.cca.abi.RsiStatus;
import dev.realmesh.realm.grpc.RealmFixture;
import dev.realmesh.realm.rsi.RsiException;
import io.grpc.Status;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

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
