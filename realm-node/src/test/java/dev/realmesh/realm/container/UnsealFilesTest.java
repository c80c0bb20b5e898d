// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.realm.container;

import static dev.realmesh.realm.container.SealedVectors.SECRET_PATH;
import static dev.realmesh.realm.container.SealedVectors.recorded;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.realmesh.realm.attest.BrokerException;
import dev.realmesh.realm.container.UnsealFiles.Mounted;
import dev.realmesh.realm.grpc.RealmFixture;
import dev.realmesh.realm.secret.SecretException;
import io.grpc.Status;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Sealed secrets as files, with the recorded ones, and a real session with a broker that holds what they name.
@Timeout(60)
class UnsealFilesTest {
    private static final ContainerUser ROOT = new ContainerUser(0, 0, List.of(), "/root", true, false);

    @TempDir
    Path folder;

    @TempDir
    Path tmpfs;

    private RealmFixture realm;
    private UnsealFiles files;

    @BeforeEach
    void realm() throws IOException {
        realm = RealmFixture.offering("plain-gzip", folder);
        SealedVectors.giveResources(realm.broker());
        files = new UnsealFiles(realm.secrets());
    }

    @AfterEach
    void stop() throws IOException {
        realm.close();
    }

    @Test
    void fileHoldsWhatTheSecretStandsFor() throws IOException {
        realm.broker().holding(SECRET_PATH, new byte[] {0, -1, 0});

        List<Mounted> mounted = files.unsealed(
                List.of(
                        new SecretFile("/run/secrets/db", recorded("vault-signed")),
                        new SecretFile("/etc/other", recorded("vault-signed"))),
                tmpfs,
                ROOT);

        assertThat(mounted).extracting(Mounted::destination).containsExactly("/run/secrets/db", "/etc/other");
        for (Mounted file : mounted) {
            assertThat(Files.readAllBytes(file.source())).containsExactly(0, -1, 0);
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file.source())))
                    .isEqualTo("r--------");
        }
    }

    @Test
    void badOneIsNamedByItsPathAndLeavesNoFile() {
        for (String name : List.of("bad-signature", "payload-swap", "vault-fake-header", "no-kid", "version")) {
            String sealed = recorded(name);
            assertThatThrownBy(() -> files.unsealed(List.of(new SecretFile("/etc/key", sealed)), tmpfs, ROOT))
                    .isInstanceOf(ContainerException.NotRunnable.class)
                    .hasMessageContaining("secret file /etc/key: sealed secret: ")
                    .satisfies(e -> assertThat(e.getMessage()).doesNotContain(sealed.substring(7, 40)));
        }
        assertThat(tmpfs).isEmptyDirectory();
    }

    @Test
    void brokersRefusalIsTold() {
        List<SecretFile> one = List.of(new SecretFile("/etc/key", recorded("vault-signed")));
        realm.broker().failRelease(Status.PERMISSION_DENIED.withDescription("policy says no"));
        assertThatThrownBy(() -> files.unsealed(one, tmpfs, ROOT))
                .isInstanceOf(BrokerException.Refused.class)
                .hasMessageContaining("policy says no");
        assertThat(tmpfs).isEmptyDirectory();
    }

    @Test
    void hostCannotAnswerInTheBrokersPlace() {
        realm.broker().signAsSomebodyElse();

        assertThatThrownBy(() ->
                        files.unsealed(List.of(new SecretFile("/etc/key", recorded("vault-signed"))), tmpfs, ROOT))
                .isInstanceOf(SecretException.NotFromBroker.class);
        assertThat(tmpfs).isEmptyDirectory();
    }
}
