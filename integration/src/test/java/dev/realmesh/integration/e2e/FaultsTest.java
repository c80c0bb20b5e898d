// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.integration.e2e;

import static dev.realmesh.integration.e2e.MeshFixture.GREETING;
import static dev.realmesh.integration.e2e.MeshFixture.IMAGE;
import static dev.realmesh.integration.e2e.MeshFixture.KEY;
import static dev.realmesh.integration.e2e.MeshFixture.KEY_PATH;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import dev.realmesh.cli.demo.SampleImage;
import dev.realmesh.kbs.TeeKey;
import dev.realmesh.oci.Manifest;
import dev.realmesh.oci.layout.OciLayoutWriter;
import dev.realmesh.proto.attestation.v1.AttestationServiceGrpc;
import dev.realmesh.proto.attestation.v1.AttestationStatus;
import dev.realmesh.proto.attestation.v1.GetResultRequest;
import dev.realmesh.proto.image.v1.GetManifestResponse;
import dev.realmesh.proto.image.v1.ImageServiceGrpc;
import dev.realmesh.proto.keybroker.v1.AttestRequest;
import dev.realmesh.proto.keybroker.v1.GetResourceRequest;
import dev.realmesh.proto.keybroker.v1.KeyBrokerServiceGrpc;
import dev.realmesh.proto.keybroker.v1.KeyBrokerServiceGrpc.KeyBrokerServiceBlockingStub;
import dev.realmesh.proto.keybroker.v1.RequestChallengeRequest;
import dev.realmesh.proto.keybroker.v1.RequestChallengeResponse;
import io.grpc.Status;
import io.grpc.Status.Code;
import io.grpc.StatusRuntimeException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Whatever goes wrong with a run on a whole mesh, by accident or by malice: it ends in one clear line and exit code 1,
/// leaves nothing behind, and the next run works.
@Timeout(120)
class FaultsTest {
    @TempDir
    private static Path folder;

    private static MeshFixture<MeshOfParts> mesh;

    @BeforeAll
    static void start() throws Exception {
        mesh = MeshFixture.start(folder, MeshFixture.guestImage(), MeshOfParts::new);
    }

    @AfterAll
    static void stop() {
        mesh.close();
    }

    @AfterEach
    void nothingIsLeftAndTheNextRunWorks() throws IOException {
        mesh.assertNothingIsLeft();
        Outcome next = mesh.run();
        assertThat(next.err()).isEmpty();
        assertThat(next.out()).contains(GREETING);
        mesh.assertNothingIsLeft();
        mesh.mesh.ends();
    }

    @Test
    void realmOfAnotherShapeIsNotEndorsed() {
        refused(
                Code.FAILED_PRECONDITION,
                mesh.realmesh("run", "--memory", "640", IMAGE),
                "key-broker",
                "CCA_REALM: warning, no reference values for the initial measurement (RIM)");
        assertThat(mesh.results().getFirst().getStatus()).isEqualTo(AttestationStatus.ATTESTATION_STATUS_WARNING);
    }

    @Test
    void tokenForAnotherNonceIsRefused() {
        mesh.mesh.interloper.answers(
                KeyBrokerServiceGrpc.getRequestChallengeMethod(),
                RequestChallengeResponse.parser(),
                challenge -> challenge.toBuilder()
                        .setNonce(ByteString.copyFrom(new byte[32]))
                        .build());
        try {
            refused(Code.FAILED_PRECONDITION, mesh.run(), "key-broker", "freshness");
        } finally {
            mesh.mesh.interloper.repent();
        }
        assertThat(mesh.results().getFirst().getStatus())
                .isEqualTo(AttestationStatus.ATTESTATION_STATUS_CONTRAINDICATED);
    }

    /// Who knows a Realm's evidence is not that Realm: a session of his own has another nonce, and another key.
    @Test
    void replayedEvidenceIsRefused() {
        assertThat(mesh.run().exitCode()).isZero();
        GetResultRequest newest = GetResultRequest.newBuilder()
                .setResultId(mesh.results().getFirst().getResultId())
                .build();
        ByteString evidence = AttestationServiceGrpc.newBlockingStub(mesh.mesh.channel("attestation-service"))
                .getResult(newest)
                .getEvidence();
        KeyBrokerServiceBlockingStub broker = KeyBrokerServiceGrpc.newBlockingStub(mesh.mesh.channel("key-broker"));
        RequestChallengeResponse challenge = broker.requestChallenge(RequestChallengeRequest.newBuilder()
                .setVersion("0.4.0")
                .setTee("cca")
                .build());
        AttestRequest replay = AttestRequest.newBuilder()
                .setSessionId(challenge.getSessionId())
                .setTeePublicKey(
                        ByteString.copyFromUtf8(TeeKey.generate().publicKey().toJson()))
                .setEvidence(evidence)
                .build();

        assertThatThrownBy(() -> broker.attest(replay))
                .isInstanceOfSatisfying(
                        StatusRuntimeException.class,
                        refusal -> assertThat(refusal.getStatus().getCode()).isEqualTo(Code.PERMISSION_DENIED))
                .hasMessageContaining("freshness");
        assertThatThrownBy(() -> broker.getResource(GetResourceRequest.newBuilder()
                        .setSessionId(challenge.getSessionId())
                        .setPath(KEY_PATH)
                        .build()))
                .isInstanceOfSatisfying(
                        StatusRuntimeException.class,
                        refusal -> assertThat(refusal.getStatus().getCode()).isEqualTo(Code.UNAUTHENTICATED));
    }

    @Test
    void wrongKeyOpensNothing() {
        mesh.putSecret(KEY_PATH, new byte[32]);
        try {
            refused(Code.FAILED_PRECONDITION, mesh.run(), "no key opens it", "kbs:///" + KEY_PATH);
        } finally {
            mesh.putSecret(KEY_PATH, KEY);
        }
    }

    @Test
    void keyThatIsNotThereIsNamed() throws IOException {
        mesh.encrypt("oci:" + folder.resolve("plain"), "default/image-key/absent", KEY, "locked:1");
        refused(Code.FAILED_PRECONDITION, mesh.realmesh("run", "locked:1"), "default/image-key/absent", "not there");
    }

    @Test
    void alteredLayerIsRefused() throws IOException {
        byte[] good = Files.readAllBytes(layer());
        byte[] altered = good.clone();
        altered[altered.length / 2] ^= 1;
        refusedWhile(layer(), altered, "blob sha256:", "(expected: sha256:");
    }

    @Test
    void truncatedLayerIsRefused() throws IOException {
        byte[] good = Files.readAllBytes(layer());
        refusedWhile(
                layer(),
                Arrays.copyOf(good, good.length / 2),
                "sha256:",
                good.length / 2 + " bytes (expected: " + good.length + ")");
    }

    @Test
    void alteredManifestIsRefused() throws IOException {
        Path manifest = blob(mesh.digest);
        String altered = Files.readString(manifest).replace("\"schemaVersion\":2", "\"schemaVersion\": 2");
        refusedWhile(manifest, altered.getBytes(), "manifest", mesh.digest);
    }

    /// The host gives another manifest than the one that is named, a good one, under its own digest.
    @Test
    void otherManifestThanTheNamedOneIsRefused() throws IOException {
        String other = mesh.encrypt("oci:" + folder.resolve("plain"), KEY_PATH, KEY, "other:1");
        byte[] content = Files.readAllBytes(blob(other));
        mesh.mesh.interloper.answers(
                ImageServiceGrpc.getGetManifestMethod(),
                GetManifestResponse.parser(),
                manifest -> manifest.toBuilder()
                        .setDigest(other)
                        .setManifest(ByteString.copyFrom(content))
                        .build());
        try {
            refused(
                    Code.FAILED_PRECONDITION,
                    mesh.realmesh("run", "sample@" + mesh.digest),
                    "manifest: " + other,
                    "expected: " + mesh.digest);
        } finally {
            mesh.mesh.interloper.repent();
        }
    }

    @Test
    void plainImageIsRefused() throws IOException {
        Path plain = folder.resolve("plain-again");
        SampleImage.write(OciLayoutWriter.open(plain, "1"));
        assertThat(mesh.realmesh("image", "push", "oci:" + plain, mesh.registry() + "/plain:1")
                        .exitCode())
                .isZero();
        refused(Code.FAILED_PRECONDITION, mesh.realmesh("run", "plain:1"), "not encrypted", "require-encryption");
    }

    @Test
    void imageThatIsNotThereIsNamed() {
        refused(Code.FAILED_PRECONDITION, mesh.realmesh("run", "absent:1"), "image-service", "absent:1");
    }

    @ParameterizedTest
    @ValueSource(strings = {"key-broker", "attestation-service", "image-service"})
    void serviceThatIsNotThereIsNamed(String service) {
        mesh.mesh.takeAway(service);
        try {
            refused(Code.UNAVAILABLE, mesh.run(), service, "try again");
        } finally {
            mesh.mesh.bringBack(service);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"boot ", "attest ", "key ", "started"})
    void realmThatIsKilledEndsItsRun(String when) {
        Outcome run = mesh.realmesh(
                new Trigger(when, FaultsTest::killGuests),
                "run",
                "--progress",
                IMAGE,
                "--",
                "sh",
                "-c",
                "echo started; sleep 100");
        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.err().lines().filter(line -> line.startsWith("realmesh: ")))
                .containsExactly(run.err().lines().toList().getLast())
                .singleElement()
                .asString()
                .contains("Realm ended");
        assertThat(mesh.mesh.ends()).extracting(Status::getCode).containsExactly(Code.ABORTED);
    }

    private static void refused(Code code, Outcome outcome, String... says) {
        outcome.failed(says);
        assertThat(mesh.mesh.ends()).last().extracting(Status::getCode).isEqualTo(code);
    }

    private static void refusedWhile(Path file, byte[] bad, String... says) throws IOException {
        byte[] good = Files.readAllBytes(file);
        Files.write(file, bad);
        try {
            refused(Code.FAILED_PRECONDITION, mesh.run(), says);
        } finally {
            Files.write(file, good);
        }
    }

    /// The sample's only layer.
    private static Path layer() throws IOException {
        Manifest manifest = Manifest.parse(Files.readAllBytes(blob(mesh.digest)));
        return blob(manifest.layers().getFirst().digest().toString());
    }

    private static Path blob(String digest) {
        return blobs().resolve(digest.substring("sha256:".length()));
    }

    private static Path blobs() {
        return mesh.config.images().store().resolve("blobs/sha256");
    }

    /// Kills the processes of all Realms.
    static void killGuests() {
        List<ProcessHandle> guests = ProcessHandle.current().children().toList();
        assertThat(guests).isNotEmpty();
        guests.forEach(ProcessHandle::destroyForcibly);
    }
}
