// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.cli.demo;

import com.google.protobuf.ByteString;
import dev.realmesh.cli.command.Caller;
import dev.realmesh.cli.command.CommandException;
import dev.realmesh.cli.command.Edge;
import dev.realmesh.cli.command.ImagePlaces;
import dev.realmesh.cli.command.JsonText;
import dev.realmesh.cli.command.ResultText;
import dev.realmesh.cli.command.RunOutput;
import dev.realmesh.cli.mesh.EmbeddedMesh;
import dev.realmesh.cli.mesh.EmbeddedMeshConfig;
import dev.realmesh.cli.mesh.Home;
import dev.realmesh.host.HostConfig;
import dev.realmesh.host.firmware.PlatformEndorsement;
import dev.realmesh.image.encryption.EncryptImage;
import dev.realmesh.oci.Platform;
import dev.realmesh.oci.crypt.Recipient;
import dev.realmesh.oci.layout.OciLayoutWriter;
import dev.realmesh.proto.attestation.v1.AttestationResult;
import dev.realmesh.proto.attestation.v1.AttestationServiceGrpc;
import dev.realmesh.proto.attestation.v1.GetResultRequest;
import dev.realmesh.proto.attestation.v1.GetResultResponse;
import dev.realmesh.proto.host.v1.HostServiceGrpc;
import dev.realmesh.proto.host.v1.RunContainerRequest;
import dev.realmesh.proto.keybroker.v1.PutResourceRequest;
import dev.realmesh.proto.keybroker.v1.ResourceAdminServiceGrpc;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import javax.crypto.spec.SecretKeySpec;

/// The main job, top down: a mesh, an image, a key that encrypts it, a Realm that gets the key and runs the image, and
/// what was attested.
public final class Demo {
    private static final String KEY_PATH = "default/image-key/demo";
    private static final String IMAGE = "demo:latest";
    private static final int KEY_BYTES = 32;

    private final Caller caller;
    private final Home home;
    private final Path folder;
    private final RunOutput.Form form;
    private final RunOutput output;
    private final SecureRandom random = new SecureRandom();

    /// A demo that has not run yet.
    ///
    /// @param folder for all of the demo's state
    /// @param form what the caller sees of it
    public Demo(Caller caller, Home home, Path folder, RunOutput.Form form) {
        this.caller = caller;
        this.home = home;
        this.folder = folder;
        this.form = form;
        this.output = new RunOutput(caller, form);
    }

    /// Runs the demo.
    ///
    /// @param image where the image is, as [ImagePlaces] has it; empty for the sample
    /// @param keep whether evidence and result are written to the folder
    /// @return the container's exit code
    public int run(String image, boolean keep) throws IOException {
        long start = System.nanoTime();
        Path guest = home.guestImage();
        long built = step("guest", start, guest.toString());
        EmbeddedMeshConfig config = EmbeddedMeshConfig.ephemeral(folder, guest);
        try (EmbeddedMesh mesh = EmbeddedMesh.start(config, InstantSource.system())) {
            long up = step("mesh", built, "edge on port " + mesh.edgePort());
            Edge edge = Edge.onLoopback(
                    mesh.edgePort(), config.keyBroker().stateFolder().resolve("admin.token"));
            byte[] key = new byte[KEY_BYTES];
            random.nextBytes(key);
            String digest = encrypt(image.isEmpty() ? sample() : image, key, mesh.registryPort());
            put(edge, key);
            step("encrypt", up, digest + ", key in kbs:///" + KEY_PATH);
            int exitCode = runIn(edge);
            GetResultResponse attested = attested(edge);
            show(attested.getResult());
            if (keep) {
                keep(attested, config.host());
            }
            step("in all", start, keep ? "kept in " + folder : "");
            return exitCode;
        }
    }

    private String sample() throws IOException {
        Path layout = folder.resolve("sample-image");
        SampleImage.write(OciLayoutWriter.open(layout, "latest"));
        return "oci:" + layout;
    }

    private String encrypt(String image, byte[] key, int registryPort) throws IOException {
        ImagePlaces places = ImagePlaces.onLoopback(caller, registryPort);
        Recipient recipient = new Recipient.KeyBroker("kbs:///" + KEY_PATH, new SecretKeySpec(key, "AES"));
        try (ImagePlaces.Place source = places.open(image);
                ImagePlaces.Place target = places.open(IMAGE)) {
            return new EncryptImage(List.of(recipient), random)
                    .copy(source.source(), source.image(), Platform.current(), target.sink())
                    .digest()
                    .toString();
        }
    }

    private static void put(Edge edge, byte[] key) {
        PutResourceRequest request = PutResourceRequest.newBuilder()
                .setPath(KEY_PATH)
                .setSecret(ByteString.copyFrom(key))
                .build();
        edge.call(channel -> edge.asAdministrator(ResourceAdminServiceGrpc.newBlockingStub(channel), "key-broker")
                .putResource(request));
    }

    private int runIn(Edge edge) {
        RunContainerRequest request =
                RunContainerRequest.newBuilder().setImage(IMAGE).build();
        return edge.call(
                channel -> output.relay(HostServiceGrpc.newBlockingStub(channel).runContainer(request)));
    }

    private GetResultResponse attested(Edge edge) {
        String id = output.resultId();
        if (id == null) {
            throw new CommandException("the Realm ran without an appraisal");
        }
        GetResultRequest request = GetResultRequest.newBuilder().setResultId(id).build();
        return edge.call(
                channel -> AttestationServiceGrpc.newBlockingStub(channel).getResult(request));
    }

    private void show(AttestationResult attested) {
        caller.out()
                .println(
                        form == RunOutput.Form.JSON
                                ? JsonText.of(attested)
                                : "attested: " + ResultText.summary(attested));
    }

    /// What other tools need to judge the run by themselves: evidence, result, trust anchor, reference values.
    private void keep(GetResultResponse attested, HostConfig host) throws IOException {
        Files.write(folder.resolve("token.cbor"), attested.getEvidence().toByteArray());
        Files.writeString(folder.resolve("ear.jwt"), attested.getResult().getEar());
        copy(host.stateFolder().resolve(PlatformEndorsement.TRUST_ANCHORS_FILE));
        copy(host.stateFolder().resolve(PlatformEndorsement.CORIM_FILE));
        copy(host.guestImage().resolve("realm.corim"));
    }

    private void copy(Path file) throws IOException {
        Files.copy(file, folder.resolve(file.getFileName()));
    }

    private long step(String name, long since, String detail) {
        long now = System.nanoTime();
        output.step(name, Duration.ofNanos(now - since), detail);
        return now;
    }
}
