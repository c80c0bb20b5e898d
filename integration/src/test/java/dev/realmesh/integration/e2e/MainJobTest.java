// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.integration.e2e;

import static dev.realmesh.integration.e2e.MeshFixture.GREETING;
import static dev.realmesh.integration.e2e.MeshFixture.IMAGE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.realmesh.proto.attestation.v1.AttestationStatus;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// The main job on a whole mesh, as a person does it: launch, attest, get the key, pull, decrypt, run.
@Timeout(180)
class MainJobTest {
    @TempDir
    private static Path folder;

    private static MeshFixture<RunningMesh> mesh;

    @BeforeAll
    static void start() throws Exception {
        mesh = MeshFixture.start(folder, MeshFixture.guestImage(), RunningMesh::embedded);
    }

    @AfterAll
    static void stop() {
        mesh.close();
    }

    @AfterEach
    void nothingIsLeft() throws IOException {
        mesh.assertNothingIsLeft();
    }

    @Test
    void encryptedImageRunsInAnAttestedRealm() {
        Outcome run = mesh.realmesh("run", "--progress", IMAGE);

        assertThat(run.exitCode()).isZero();
        assertThat(run.out()).contains(GREETING);
        assertThat(run.err()).matches("(?s)realm realm-[a-z2-7]{8}, RIM .*").contains("attest", "decrypted");
        assertThat(mesh.results().getFirst()).satisfies(result -> {
            assertThat(result.getStatus()).isEqualTo(AttestationStatus.ATTESTATION_STATUS_AFFIRMING);
            assertThat(result.getSubmodsList())
                    .extracting(submod -> submod.getName())
                    .containsExactlyInAnyOrder("CCA_SSD_PLATFORM", "CCA_REALM");
            assertThat(run.err()).contains(result.getRealmId());
        });
    }

    @Test
    void streamsAndExitCodeAreTheContainersOwn() {
        assertThat(mesh.realmesh("run", IMAGE, "--", "sh", "-c", "echo out; echo err >&2; exit 7"))
                .isEqualTo(new Outcome(7, "out\n", "err\n"));
    }

    @Test
    void imageMayBeNamedByItsDigest() {
        assertThat(mesh.realmesh("run", "sample@" + mesh.digest).out()).contains(GREETING);
    }

    @Test
    void whatWasAttestedIsListed() {
        assertThat(mesh.run().exitCode()).isZero();
        String newest = mesh.results().getFirst().getResultId();
        assertThat(mesh.realmesh("attestation", "list", "--limit", "1").out()).contains(newest, "affirming");
        assertThat(mesh.realmesh("attestation", "show", newest).out()).contains("CCA_REALM", "RIM");
    }

    @Test
    void resultTellsWhatItsRealmRan() {
        assertThat(mesh.run().exitCode()).isZero();

        String newest = mesh.results().getFirst().getResultId();
        assertThat(mesh.realmesh("attestation", "show", newest).out())
                .containsPattern("ran +" + IMAGE + ", " + mesh.digest);
        assertThat(mesh.realmesh("attestation", "list", "--image", IMAGE, "--limit", "1")
                        .out())
                .contains(newest, "affirming", IMAGE);
        assertThat(mesh.realmesh("attestation", "list", "--image", mesh.digest).out())
                .contains(newest);
        assertThat(mesh.realmesh("attestation", "list", "--image", "sample:other")
                        .out())
                .isEmpty();
    }

    /// The guest's memory is a file system in memory that the host can see into, here as on the machines of others
    /// without encryption: it must not be anywhere else.
    @Test
    void plaintextIsOnNoDiskWhileTheContainerRuns() throws IOException {
        List<Path> found = new ArrayList<>();
        Outcome run = mesh.realmesh(
                new Trigger("started", () -> found.addAll(filesWithPlaintext())),
                "run",
                IMAGE,
                "--",
                "sh",
                "-c",
                "cat /etc/greeting; echo started; sleep 1");
        assertThat(run.out()).contains(GREETING);
        assertThat(found).isEmpty();
    }

    private static List<Path> filesWithPlaintext() {
        try {
            List<Path> found = MeshFixture.files(mesh.config.stateFolder());
            found.removeIf(file -> !contains(file, GREETING));
            return found;
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private static boolean contains(Path file, String text) {
        try {
            return new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1).contains(text);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
