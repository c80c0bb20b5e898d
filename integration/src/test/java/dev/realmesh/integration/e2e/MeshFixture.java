// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.integration.e2e;

import com.google.protobuf.ByteString;
import dev.realmesh.cli.command.Caller;
import dev.realmesh.cli.command.Edge;
import dev.realmesh.cli.command.ImagePlaces;
import dev.realmesh.cli.demo.SampleImage;
import dev.realmesh.cli.mesh.EmbeddedMesh;
import dev.realmesh.cli.mesh.EmbeddedMeshConfig;
import dev.realmesh.cli.mesh.Home;
import dev.realmesh.image.encryption.EncryptImage;
import dev.realmesh.oci.Platform;
import dev.realmesh.oci.crypt.Recipient;
import dev.realmesh.oci.layout.OciLayoutWriter;
import dev.realmesh.proto.attestation.v1.AttestationResult;
import dev.realmesh.proto.attestation.v1.AttestationServiceGrpc;
import dev.realmesh.proto.attestation.v1.ListResultsRequest;
import dev.realmesh.proto.host.v1.HostServiceGrpc;
import dev.realmesh.proto.host.v1.ListRealmsRequest;
import dev.realmesh.proto.host.v1.RunContainerRequest;
import dev.realmesh.proto.host.v1.RunContainerResponse;
import dev.realmesh.proto.keybroker.v1.PutResourceRequest;
import dev.realmesh.proto.keybroker.v1.ResourceAdminServiceGrpc;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import javax.crypto.spec.SecretKeySpec;

/// A whole mesh in this process, with an encrypted image in its registry and the image's key in its key-broker.
final class MeshFixture implements AutoCloseable {
    static final String IMAGE = "sample:1";
    static final String KEY_PATH = "default/image-key/sample";
    static final byte[] KEY = new SecureRandom().generateSeed(32);

    final EmbeddedMeshConfig config;
    final EmbeddedMesh mesh;
    private final Edge edge;

    private MeshFixture(EmbeddedMeshConfig config) {
        this.config = config;
        this.mesh = EmbeddedMesh.start(config, InstantSource.system());
        this.edge = Edge.onLoopback(mesh.edgePort(), config.folder("key-broker").resolve("admin.token"));
    }

    /// The guest image of this build.
    static Path guestImage() throws IOException, InterruptedException {
        Home home = new Home(Path.of(System.getProperty("realmesh.root")));
        home.requireTools();
        return home.guestImage();
    }

    /// Starts a mesh on a guest image; image and key are in it.
    ///
    /// @param plain folder for the plain image, which is outside of the mesh's state
    static MeshFixture start(Path state, Path guestImage, Path plain) throws IOException {
        MeshFixture fixture = new MeshFixture(EmbeddedMeshConfig.ephemeral(state, guestImage));
        SampleImage.write(OciLayoutWriter.open(plain, "1"));
        ImagePlaces places = new ImagePlaces(Caller.ofProcess());
        Recipient recipient = new Recipient.KeyBroker("kbs:///" + KEY_PATH, new SecretKeySpec(KEY, "AES"));
        try (ImagePlaces.Place source = places.open("oci:" + plain);
                ImagePlaces.Place target = places.open(fixture.registry() + "/" + IMAGE)) {
            new EncryptImage(List.of(recipient), new SecureRandom())
                    .copy(source.source(), source.image(), Platform.current(), target.sink());
        }
        fixture.putKey(KEY);
        return fixture;
    }

    String registry() {
        return "127.0.0.1:" + mesh.registryPort();
    }

    void putSecret(String path, byte[] secret) {
        PutResourceRequest request = PutResourceRequest.newBuilder()
                .setPath(path)
                .setSecret(ByteString.copyFrom(secret))
                .build();
        edge.call(channel -> edge.asAdministrator(ResourceAdminServiceGrpc.newBlockingStub(channel), "key-broker")
                .putResource(request));
    }

    void putKey(byte[] key) {
        putSecret(KEY_PATH, key);
    }

    /// Runs the sample with a command of its own.
    Run run(String... command) {
        return run(request(command));
    }

    Run run(RunContainerRequest request) {
        return run(request, event -> {});
    }

    Run run(RunContainerRequest request, Consumer<RunContainerResponse> onEvent) {
        Iterator<RunContainerResponse> events = HostServiceGrpc.newBlockingStub(mesh.channel("host-node"))
                .withDeadlineAfter(120, TimeUnit.SECONDS)
                .runContainer(request);
        Run run = new Run();
        while (events.hasNext()) {
            RunContainerResponse event = events.next();
            run.add(event);
            onEvent.accept(event);
        }
        return run;
    }

    static RunContainerRequest request(String... command) {
        return RunContainerRequest.newBuilder()
                .setImage(IMAGE)
                .addAllCommand(List.of(command))
                .build();
    }

    /// All stored results, newest first.
    List<AttestationResult> results() {
        return AttestationServiceGrpc.newBlockingStub(mesh.channel("attestation-service"))
                .listResults(ListResultsRequest.getDefaultInstance())
                .getResultsList();
    }

    int realms() {
        return HostServiceGrpc.newBlockingStub(mesh.channel("host-node"))
                .listRealms(ListRealmsRequest.getDefaultInstance())
                .getRealmsCount();
    }

    @Override
    public void close() {
        mesh.close();
    }

    /// What a run gave.
    static final class Run {
        private final StringBuilder stdout = new StringBuilder();
        private final StringBuilder stderr = new StringBuilder();
        private String resultId = "";
        private int exitCode = -1;

        private void add(RunContainerResponse event) {
            switch (event.getEventCase()) {
                case STDOUT -> stdout.append(event.getStdout().toString(StandardCharsets.UTF_8));
                case STDERR -> stderr.append(event.getStderr().toString(StandardCharsets.UTF_8));
                case ATTESTED -> resultId = event.getAttested().getResultId();
                case EXITED -> exitCode = event.getExited().getExitCode();
                default -> {}
            }
        }

        String stdout() {
            return stdout.toString();
        }

        String stderr() {
            return stderr.toString();
        }

        String resultId() {
            return resultId;
        }

        int exitCode() {
            return exitCode;
        }
    }
}
