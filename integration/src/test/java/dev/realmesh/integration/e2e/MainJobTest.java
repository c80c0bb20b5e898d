// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.integration.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.realmesh.proto.attestation.v1.AttestationStatus;
import dev.realmesh.proto.host.v1.RealmShape;
import dev.realmesh.proto.host.v1.RunContainerRequest;
import dev.realmesh.proto.host.v1.RunContainerResponse.EventCase;
import io.grpc.StatusRuntimeException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The main job on a whole mesh: launch, attest, get the key, pull, decrypt, run; and every way in which it is refused
/// ends in one clear error, leaves nothing behind, and lets the next run work.
class MainJobTest {
    private static final String GREETING = "this text was encrypted until here";

    @TempDir
    private static Path folder;

    private static MeshFixture mesh;

    @BeforeAll
    static void start() throws Exception {
        mesh = MeshFixture.start(folder.resolve("state"), MeshFixture.guestImage(), folder.resolve("plain"));
    }

    @AfterAll
    static void stop() {
        mesh.close();
    }

    @AfterEach
    void nextRunWorksAndNothingIsLeft() {
        assertThat(mesh.realms()).isZero();
        assertThat(mesh.run().stdout()).contains(GREETING);
        assertThat(ProcessHandle.current().descendants().filter(ProcessHandle::isAlive))
                .as("processes of Realms")
                .noneMatch(process -> process.info().command().orElse("").contains("bwrap"));
        assertThat(mesh.realms()).isZero();
    }

    @Test
    void encryptedImageRunsInAnAttestedRealm() {
        MeshFixture.Run run = mesh.run();
        assertThat(run.stdout()).contains(GREETING);
        assertThat(run.exitCode()).isZero();
        assertThat(mesh.results())
                .filteredOn(result -> result.getResultId().equals(run.resultId()))
                .singleElement()
                .satisfies(result -> {
                    assertThat(result.getStatus()).isEqualTo(AttestationStatus.ATTESTATION_STATUS_AFFIRMING);
                    assertThat(result.getSubmodsList())
                            .extracting(submod -> submod.getName())
                            .containsExactlyInAnyOrder("CCA_SSD_PLATFORM", "CCA_REALM");
                    assertThat(result.getRealmId()).isNotEmpty();
                });
    }

    @Test
    void streamsAndExitCodeAreTheContainersOwn() {
        MeshFixture.Run run = mesh.run("sh", "-c", "echo out; echo err >&2; exit 7");
        assertThat(run.stdout()).isEqualTo("out\n");
        assertThat(run.stderr()).isEqualTo("err\n");
        assertThat(run.exitCode()).isEqualTo(7);
    }

    @Test
    void plaintextIsInNoFileOfTheMesh() throws IOException {
        mesh.run();
        try (Stream<Path> files = Files.walk(mesh.config.stateFolder())) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                assertThat(new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1))
                        .as(file.toString())
                        .doesNotContain(GREETING)
                        .doesNotContain(new String(MeshFixture.KEY, StandardCharsets.ISO_8859_1));
            }
        }
    }

    @Test
    void realmOfAnotherShapeIsNotEndorsedAndGetsNoKey() {
        RunContainerRequest other = MeshFixture.request().toBuilder()
                .setShape(RealmShape.newBuilder().setMemoryMib(640))
                .build();
        assertThatThrownBy(() -> mesh.run(other))
                .isInstanceOf(StatusRuntimeException.class)
                .hasMessageContaining("affirming");
        assertThat(mesh.results().getFirst().getStatus()).isEqualTo(AttestationStatus.ATTESTATION_STATUS_WARNING);
    }

    @Test
    void wrongKeyOpensNothing() {
        mesh.putKey(new byte[32]);
        try {
            assertThatThrownBy(() -> mesh.run())
                    .isInstanceOf(StatusRuntimeException.class)
                    .hasMessageContaining("key");
        } finally {
            mesh.putKey(MeshFixture.KEY);
        }
    }

    @Test
    void alteredLayerIsRefused() throws IOException {
        Path layer = largestBlob();
        byte[] good = Files.readAllBytes(layer);
        byte[] altered = good.clone();
        altered[altered.length / 2] ^= 1;
        refusedWith(layer, altered, good);
    }

    @Test
    void truncatedLayerIsRefused() throws IOException {
        Path layer = largestBlob();
        byte[] good = Files.readAllBytes(layer);
        refusedWith(layer, java.util.Arrays.copyOf(good, good.length / 2), good);
    }

    @Test
    void imageThatIsNotThereIsNamed() {
        RunContainerRequest absent =
                MeshFixture.request().toBuilder().setImage("absent:1").build();
        assertThatThrownBy(() -> mesh.run(absent))
                .isInstanceOf(StatusRuntimeException.class)
                .hasMessageContaining("absent");
    }

    @Test
    void killedRealmEndsItsRun() {
        RunContainerRequest sleeper = MeshFixture.request("sh", "-c", "echo started; sleep 100");
        assertThatThrownBy(() -> mesh.run(sleeper, event -> {
                    if (event.getEventCase() == EventCase.STDOUT) {
                        killGuests();
                    }
                }))
                .isInstanceOf(StatusRuntimeException.class);
    }

    private static void refusedWith(Path file, byte[] bad, byte[] good) throws IOException {
        Files.write(file, bad);
        try {
            assertThatThrownBy(() -> mesh.run()).isInstanceOf(StatusRuntimeException.class);
        } finally {
            Files.write(file, good);
        }
    }

    private static Path largestBlob() throws IOException {
        try (Stream<Path> files = Files.walk(mesh.config.images().store())) {
            return files.filter(Files::isRegularFile)
                    .filter(file -> file.toString().contains("blobs"))
                    .max(java.util.Comparator.comparingLong(
                            file -> file.toFile().length()))
                    .orElseThrow();
        }
    }

    private static void killGuests() {
        List<ProcessHandle> guests = ProcessHandle.current().children().toList();
        assertThat(guests).isNotEmpty();
        guests.forEach(ProcessHandle::destroyForcibly);
    }
}
