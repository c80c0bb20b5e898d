// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.realm.container;

import static dev.realmesh.realm.container.SealedVectors.SECRET_PATH;
import static dev.realmesh.realm.container.SealedVectors.recorded;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.realmesh.realm.attest.BrokerException;
import dev.realmesh.realm.grpc.RealmFixture;
import dev.realmesh.realm.secret.SecretException;
import io.grpc.Status;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Sealed secrets in a container's environment, with the recorded ones, and a real session with a broker that holds
/// what
/// they name.
@Timeout(60)
class UnsealEnvironmentTest {
    @TempDir
    Path folder;

    private RealmFixture realm;
    private UnsealEnvironment environment;

    @BeforeEach
    void realm() throws IOException {
        realm = RealmFixture.offering("plain-gzip", folder);
        SealedVectors.giveResources(realm.broker());
        environment = new UnsealEnvironment(realm.secrets());
    }

    @AfterEach
    void stop() throws IOException {
        realm.close();
    }

    @Test
    void sealedValueBecomesWhatItStandsFor() {
        assertThat(environment.unsealed(
                        List.of("PATH=/bin", "PASSWORD=" + recorded("vault-signed"), "EMPTY=", "A=b=c")))
                .containsExactly("PATH=/bin", "PASSWORD=value-from-vault", "EMPTY=", "A=b=c");
    }

    @Test
    void environmentWithoutSealedValuesAsksNobody() {
        List<String> plain = List.of("sealed.NAME=x", "A=unsealed.b", "B", "C= sealed.x");

        assertThat(environment.unsealed(plain)).isEqualTo(plain);
        assertThat(realm.broker().attestations()).isEmpty();
    }

    @Test
    void badOneIsNamedByItsVariable() {
        for (String name : List.of("bad-signature", "payload-swap", "vault-fake-header", "no-kid", "version")) {
            String sealed = recorded(name);
            assertThatThrownBy(() -> environment.unsealed(List.of("PASSWORD=" + sealed)))
                    .isInstanceOf(ContainerException.NotRunnable.class)
                    .hasMessageContaining("environment variable PASSWORD: sealed secret: ")
                    .satisfies(e -> assertThat(e.getMessage()).doesNotContain(sealed.substring(7, 40)));
        }
    }

    @Test
    void brokersRefusalIsTold() {
        List<String> variables = List.of("KEY=" + recorded("vault-signed"));
        realm.broker().holding(SECRET_PATH, new byte[] {(byte) 0xff, 0});
        assertThatThrownBy(() -> environment.unsealed(variables))
                .isInstanceOf(ContainerException.NotRunnable.class)
                .hasMessageContaining("no text");

        realm.broker().holding(SECRET_PATH, new byte[] {'a', 0});
        assertThatThrownBy(() -> environment.unsealed(variables)).isInstanceOf(ContainerException.NotRunnable.class);

        realm.broker().failRelease(Status.PERMISSION_DENIED.withDescription("policy says no"));
        assertThatThrownBy(() -> environment.unsealed(variables))
                .isInstanceOf(BrokerException.Refused.class)
                .hasMessageContaining("policy says no");
    }

    @Test
    void hostCannotAnswerInTheBrokersPlace() {
        realm.broker().signAsSomebodyElse();

        assertThatThrownBy(() -> environment.unsealed(List.of("KEY=" + recorded("vault-signed"))))
                .isInstanceOf(SecretException.NotFromBroker.class);
    }
}
