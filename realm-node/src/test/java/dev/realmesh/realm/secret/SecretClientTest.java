// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.realm.secret;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.realmesh.kbs.ResourcePath;
import dev.realmesh.kbs.SecretBytes;
import dev.realmesh.realm.attest.BrokerException;
import dev.realmesh.realm.grpc.BrokerPeer;
import dev.realmesh.realm.grpc.RealmFixture;
import io.grpc.Status;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Secrets of an attested session, and what a host in the broker's place cannot do.
@Timeout(30)
class SecretClientTest {
    private static final ResourcePath PATH = ResourcePath.parse("default/key/1");
    private static final byte[] SECRET = "a key that opens a layer".getBytes(StandardCharsets.US_ASCII);

    @TempDir
    Path folder;

    private RealmFixture realm;

    @BeforeEach
    void start() throws IOException {
        realm = RealmFixture.offering("plain-tar", folder);
        realm.broker().holding(PATH.toString(), SECRET);
    }

    @AfterEach
    void stop() throws IOException {
        realm.close();
    }

    @Test
    void opensWhatTheBrokerReleased() {
        try (SecretBytes secret = realm.secrets().get(PATH)) {
            assertThat(secret.reveal()).isEqualTo(SECRET);
        }
    }

    @Test
    void attestsAgainWhenTheBrokerForgotTheSession() {
        SecretClient secrets = realm.secrets();
        secrets.get(PATH).close();
        realm.broker().forgetSessions();

        assertThat(secrets.get(PATH).reveal()).isEqualTo(SECRET);
        assertThat(realm.broker().attestations()).hasSize(2);
    }

    @Test
    void givesUpWhenANewSessionDoesNotHelp() {
        realm.broker().failRelease(Status.UNAUTHENTICATED);

        assertThatThrownBy(() -> realm.secrets().get(PATH)).isInstanceOf(BrokerException.SessionEnded.class);
        assertThat(realm.broker().attestations()).hasSize(2);
    }

    @ParameterizedTest
    @MethodSource("lies")
    void believesNobodyButTheBrokerThatInitdataNames(Consumer<BrokerPeer> lie) {
        lie.accept(realm.broker());

        assertThatThrownBy(() -> realm.secrets().get(PATH))
                .isInstanceOf(SecretException.NotFromBroker.class)
                .hasMessageContaining(PATH.toString())
                .hasMessageContaining("key-broker that initdata names");
    }

    static Stream<Named<Consumer<BrokerPeer>>> lies() {
        return Stream.of(
                Named.of("signed by another identity", BrokerPeer::signAsSomebodyElse),
                Named.of("statement of another session", BrokerPeer::stateAnotherNonce),
                Named.of("statement about another path", BrokerPeer::stateAnotherPath),
                Named.of("statement about another JWE", BrokerPeer::alterJwe));
    }

    @Test
    void tellsWhatWasSealedToAnotherKey() {
        realm.broker().sealToAnotherKey();

        assertThatThrownBy(() -> realm.secrets().get(PATH)).isInstanceOf(SecretException.NotSealedToRealm.class);
    }

    @Test
    void tellsVerdictsApart() {
        assertThatThrownBy(() -> realm.secrets().get(ResourcePath.parse("default/key/2")))
                .isInstanceOf(BrokerException.NoSuchResource.class);

        realm.broker().failRelease(Status.PERMISSION_DENIED.withDescription("policy"));
        assertThatThrownBy(() -> realm.secrets().get(PATH))
                .isInstanceOf(BrokerException.Refused.class)
                .hasMessageContaining("policy");
    }
}
