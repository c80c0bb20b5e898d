// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.integration.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import dev.realmesh.attestation.AttestationService;
import dev.realmesh.attestation.AttestationServiceConfig;
import dev.realmesh.cca.token.TokenGeneration;
import dev.realmesh.cli.Main;
import dev.realmesh.cli.command.Caller;
import dev.realmesh.cli.command.Edge;
import dev.realmesh.cli.command.ImagePlaces;
import dev.realmesh.cli.demo.SampleImage;
import dev.realmesh.cli.mesh.EmbeddedMeshConfig;
import dev.realmesh.cli.mesh.Home;
import dev.realmesh.host.HostConfig;
import dev.realmesh.host.launch.BootMethod;
import dev.realmesh.host.launch.BootSource;
import dev.realmesh.host.launch.RealmShape;
import dev.realmesh.host.machine.MachineModel;
import dev.realmesh.host.machine.guest.Isolation;
import dev.realmesh.host.machine.guest.MemoryFolders;
import dev.realmesh.image.ImageServiceConfig;
import dev.realmesh.image.encryption.EncryptImage;
import dev.realmesh.kbs.Initdata;
import dev.realmesh.kbs.RealmSettings;
import dev.realmesh.keybroker.KeyBrokerConfig;
import dev.realmesh.keybroker.http.HttpConfig;
import dev.realmesh.keybroker.keyprovider.KeyProviderConfig;
import dev.realmesh.mesh.MeshConfig;
import dev.realmesh.mesh.edge.EdgeConfig;
import dev.realmesh.oci.Platform;
import dev.realmesh.oci.crypt.Recipient;
import dev.realmesh.oci.layout.OciLayoutWriter;
import dev.realmesh.proto.attestation.v1.AttestationResult;
import dev.realmesh.proto.attestation.v1.AttestationServiceGrpc;
import dev.realmesh.proto.attestation.v1.ListResultsRequest;
import dev.realmesh.proto.host.v1.HostServiceGrpc;
import dev.realmesh.proto.host.v1.ListRealmsRequest;
import dev.realmesh.proto.host.v1.RunContainerRequest;
import dev.realmesh.proto.keybroker.v1.PutResourceRequest;
import dev.realmesh.proto.keybroker.v1.ResourceAdminServiceGrpc;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import javax.crypto.spec.SecretKeySpec;

/// A whole mesh in this process, with an encrypted image in its registry and the image's key in its key-broker.
final class MeshFixture<M extends RunningMesh> implements AutoCloseable {
    static final String IMAGE = "sample:1";
    static final String KEY_PATH = "default/image-key/sample";
    static final String GREETING = "this text was encrypted until here";
    static final byte[] KEY = new SecureRandom().generateSeed(32);

    final EmbeddedMeshConfig config;
    final M mesh;
    /// Digest of the encrypted image's manifest.
    final String digest;

    private final Edge edge;

    /// How a mesh is started.
    interface Starter<M extends RunningMesh> {
        M start(EmbeddedMeshConfig config) throws IOException;
    }

    private MeshFixture(EmbeddedMeshConfig config, M mesh, Path plain) throws IOException {
        this.config = config;
        this.mesh = mesh;
        this.edge = Edge.onLoopback(
                mesh.edgePort(), config.keyBroker().stateFolder().resolve("admin.token"));
        SampleImage.write(OciLayoutWriter.open(plain, "1"));
        this.digest = encrypt("oci:" + plain, KEY_PATH, KEY, IMAGE);
        putSecret(KEY_PATH, KEY);
    }

    /// The guest image of this build.
    static Path guestImage() throws IOException, InterruptedException {
        Home home = new Home(Path.of(System.getProperty("realmesh.root")));
        home.requireTools();
        return home.guestImage();
    }

    /// Starts a mesh; image and key are in it.
    ///
    /// @param folder for the mesh's state, and for the plain image beside it
    static <M extends RunningMesh> MeshFixture<M> start(Path folder, Path guestImage, Starter<M> starter)
            throws IOException {
        BootSource usual = new BootSource(guestImage, BootMethod.DEFAULT);
        return start(folder, List.of(usual), Duration.ofSeconds(60), starter);
    }

    /// Likewise.
    ///
    /// @param guests what Realms are booted from, the usual one first
    /// @param bootTimeout how long a guest may take to come up
    static <M extends RunningMesh> MeshFixture<M> start(
            Path folder, List<BootSource> guests, Duration bootTimeout, Starter<M> starter) throws IOException {
        BootMethod usual = guests.getFirst().method();
        Path state = folder.resolve("state");
        EmbeddedMeshConfig config = new EmbeddedMeshConfig(
                state,
                MeshConfig.local(),
                EdgeConfig.loopback(0),
                new HostConfig(
                        state.resolve("host-node"),
                        guests.getFirst().folder(),
                        usual.monitor().commandName(),
                        usual.first(),
                        guests.stream()
                                .skip(1)
                                .map(each -> each.folder() + "@" + each.method().name())
                                .toList(),
                        Optional.of(state.resolve("initdata.toml")),
                        MachineModel.VIRT,
                        TokenGeneration.V2023,
                        8192,
                        RealmShape.DEFAULT.memoryMib(),
                        RealmShape.DEFAULT.vcpus(),
                        16,
                        Isolation.BWRAP,
                        Files.createTempDirectory(Path.of("/dev/shm"), "e2e-"),
                        bootTimeout),
                AttestationServiceConfig.withDefaults(state.resolve("attestation-service")),
                KeyBrokerConfig.withDefaults(
                                state.resolve("key-broker"),
                                List.of(state.resolve("attestation-service").resolve(AttestationService.SIGNER_FILE)))
                        .withHttp(HttpConfig.loopback(0))
                        .withKeyProvider(KeyProviderConfig.loopback(0)),
                ImageServiceConfig.local(state.resolve("image-service")));
        return new MeshFixture<>(config, starter.start(config), folder.resolve("plain"));
    }

    String registry() {
        return "127.0.0.1:" + mesh.registryPort();
    }

    /// Encrypts an image into the mesh's registry.
    ///
    /// @return digest of the new manifest
    String encrypt(String source, String keyPath, byte[] key, String target) throws IOException {
        ImagePlaces places = new ImagePlaces(Caller.ofProcess());
        Recipient recipient = new Recipient.KeyBroker("kbs:///" + keyPath, new SecretKeySpec(key, "AES"));
        try (ImagePlaces.Place from = places.open(source);
                ImagePlaces.Place to = places.open(registry() + "/" + target)) {
            return new EncryptImage(List.of(recipient), new SecureRandom())
                    .copy(from.source(), from.image(), Platform.current(), to.sink())
                    .digest()
                    .toString();
        }
    }

    void putSecret(String path, byte[] secret) {
        PutResourceRequest request = PutResourceRequest.newBuilder()
                .setPath(path)
                .setSecret(ByteString.copyFrom(secret))
                .build();
        edge.call(channel -> edge.asAdministrator(ResourceAdminServiceGrpc.newBlockingStub(channel), "key-broker")
                .putResource(request));
    }

    /// The mesh's own initdata, changed.
    ///
    /// @return its file
    String initdata(UnaryOperator<RealmSettings> change) throws IOException {
        RealmSettings usual = RealmSettings.in(Initdata.parse(Files.readAllBytes(config.initdata())));
        Path file = Files.createTempFile(config.stateFolder(), "initdata", ".toml");
        return Files.write(file, change.apply(usual).toInitdata().toBytes()).toString();
    }

    /// Calls the command line as a person on the mesh's machine does.
    Outcome realmesh(String... arguments) {
        return realmesh(InputStream.nullInputStream(), OutputStream.nullOutputStream(), arguments);
    }

    /// Likewise, with something on standard input.
    Outcome realmesh(InputStream input, String... arguments) {
        return realmesh(input, OutputStream.nullOutputStream(), arguments);
    }

    /// Likewise.
    ///
    /// @param seen gets what is written to standard output and standard error, as it comes
    Outcome realmesh(OutputStream seen, String... arguments) {
        return realmesh(InputStream.nullInputStream(), seen, arguments);
    }

    private Outcome realmesh(InputStream input, OutputStream seen, String... arguments) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        Caller caller = new Caller(
                input,
                new PrintStream(new Both(out, seen), true, StandardCharsets.UTF_8),
                new PrintStream(new Both(err, seen), true, StandardCharsets.UTF_8),
                Map.of(
                        "REALMESH_ENDPOINT",
                        "http://127.0.0.1:" + mesh.edgePort(),
                        "REALMESH_STATE",
                        config.stateFolder().toString()));
        int exitCode = Main.execute(caller, arguments);
        return new Outcome(exitCode, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    }

    /// Runs the sample as it is.
    Outcome run() {
        return realmesh("run", IMAGE);
    }

    /// Runs the sample as it is, by a call on the bus, and adds what its steps took.
    void runSample(Steps steps) {
        HostServiceGrpc.newBlockingStub(mesh.channel("host-node"))
                .runContainer(RunContainerRequest.newBuilder().setImage(IMAGE).build())
                .forEachRemaining(steps::add);
    }

    /// All stored results, newest first.
    List<AttestationResult> results() {
        return AttestationServiceGrpc.newBlockingStub(mesh.channel("attestation-service"))
                .listResults(ListResultsRequest.getDefaultInstance())
                .getResultsList();
    }

    /// Nothing of a run is left: no Realm, no process, nothing in the memory folders, and on disk neither plaintext nor
    /// key.
    void assertNothingIsLeft() throws IOException {
        assertThat(HostServiceGrpc.newBlockingStub(mesh.channel("host-node"))
                        .listRealms(ListRealmsRequest.getDefaultInstance())
                        .getRealmsList())
                .isEmpty();
        assertThat(ProcessHandle.current().descendants().filter(ProcessHandle::isAlive))
                .as("processes of Realms")
                .noneMatch(process -> process.info().command().orElse("").contains("bwrap"));
        assertThat(files(config.host().guestFolder()))
                .as("files in memory")
                .extracting(file -> file.getFileName().toString())
                .containsExactly("lock");
        for (Path file : files(config.stateFolder())) {
            assertThat(new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1))
                    .as(file.toString())
                    .doesNotContain(GREETING)
                    .doesNotContain(new String(KEY, StandardCharsets.ISO_8859_1));
        }
    }

    static List<Path> files(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            return new ArrayList<>(files.filter(Files::isRegularFile).toList());
        }
    }

    @Override
    public void close() {
        mesh.close();
        MemoryFolders.delete(config.host().guestFolder());
    }

    private static final class Both extends OutputStream {
        private final OutputStream one;
        private final OutputStream other;

        private Both(OutputStream one, OutputStream other) {
            this.one = one;
            this.other = other;
        }

        @Override
        public void write(int b) throws IOException {
            one.write(b);
            other.write(b);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            one.write(bytes, offset, length);
            other.write(bytes, offset, length);
        }
    }
}
