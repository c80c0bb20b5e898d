// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.keybroker;

import com.google.protobuf.ByteString;
import dev.realmesh.cca.ear.EarSigningKey;
import dev.realmesh.kbs.AgentPolicy;
import dev.realmesh.kbs.ImagePolicy;
import dev.realmesh.kbs.Initdata;
import dev.realmesh.kbs.RealmSettings;
import dev.realmesh.keybroker.admin.AdminConfig;
import dev.realmesh.keybroker.http.HttpConfig;
import dev.realmesh.policy.opa.OpaConfig;
import dev.realmesh.proto.keybroker.v1.KeyBrokerServiceGrpc;
import dev.realmesh.proto.keybroker.v1.ListAuditEntriesRequest;
import dev.realmesh.proto.keybroker.v1.PutResourceRequest;
import dev.realmesh.proto.keybroker.v1.ResourceAdminServiceGrpc;
import dev.realmesh.proto.keybroker.v1.ResourcePolicyServiceGrpc;
import io.grpc.BindableService;
import io.grpc.ClientInterceptor;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Server;
import io.grpc.inprocess.InProcessChannelBuilder;
import io.grpc.inprocess.InProcessServerBuilder;
import io.grpc.stub.MetadataUtils;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/// A whole broker on in-process channels, with a [ScriptedVerifier] behind it and a clock that stands still.
final class BrokerUnderTest implements AutoCloseable {
    final ManualClock clock = new ManualClock();
    final ScriptedVerifier verifier;
    final ScriptedAdministration administration;
    final KeyBroker broker;
    final Path state;

    /// What an owner who trusts this broker gives to a Realm.
    final Initdata initdata;

    private final ExecutorService virtualThreads = Executors.newVirtualThreadPerTaskExecutor();
    private final List<Server> servers = new ArrayList<>();
    private final List<ManagedChannel> channels = new ArrayList<>();
    private final Server attestationService;
    private final ManagedChannel bus;
    private final ManagedChannel edge;

    /// What of a broker's configuration tests are about; the rest is as most of them want it.
    ///
    /// @param pinned whether initdata must pin the broker
    record Options(
            int maxSessions,
            boolean pinned,
            List<String> allowedInitdata,
            Optional<AdminConfig> admin,
            Optional<OpaConfig> opa,
            Optional<Path> verifierAdminToken) {
        static final Options DEFAULT =
                new Options(4096, true, List.of(), Optional.empty(), Optional.empty(), Optional.empty());

        /// Guests whose initdata is not of Realmesh, administrators by JWT.
        static Options administeredBy(AdminConfig admin) {
            return new Options(4096, false, List.of(), Optional.of(admin), Optional.empty(), Optional.empty());
        }

        Options withOpa(URI url) {
            OpaConfig config = new OpaConfig(url, Optional.empty(), Optional.empty(), Duration.ofSeconds(10), 1);
            return new Options(maxSessions, pinned, allowedInitdata, admin, Optional.of(config), verifierAdminToken);
        }

        Options withVerifierAdminToken(Path file) {
            return new Options(maxSessions, pinned, allowedInitdata, admin, opa, Optional.of(file));
        }

        private KeyBrokerConfig config(Path folder, Path signerFile) {
            return new KeyBrokerConfig(
                    folder.resolve("key-broker"),
                    List.of(signerFile),
                    Duration.ofMinutes(5),
                    maxSessions,
                    Duration.ofSeconds(20),
                    pinned,
                    allowedInitdata,
                    Optional.empty(),
                    Optional.of(HttpConfig.loopback(0)),
                    admin,
                    10,
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    opa,
                    verifierAdminToken);
        }
    }

    BrokerUnderTest(Path folder) {
        this(folder, Options.DEFAULT);
    }

    BrokerUnderTest(Path folder, int maxSessions, List<String> allowedInitdata) {
        this(
                folder,
                new Options(maxSessions, true, allowedInitdata, Optional.empty(), Optional.empty(), Optional.empty()));
    }

    BrokerUnderTest(Path folder, AdminConfig admin) {
        this(folder, Options.administeredBy(admin));
    }

    BrokerUnderTest(Path folder, Options options) {
        this(folder, signerFile -> options.config(folder, signerFile));
    }

    /// A broker that is told more than the defaults, with the KBS protocol over HTTP.
    static BrokerUnderTest with(Path folder, UnaryOperator<KeyBrokerConfig> more) {
        return new BrokerUnderTest(
                folder,
                signerFile -> more.apply(KeyBrokerConfig.withDefaults(folder.resolve("key-broker"), List.of(signerFile))
                        .withHttp(HttpConfig.loopback(0))));
    }

    private BrokerUnderTest(Path folder, Function<Path, KeyBrokerConfig> configured) {
        state = folder.resolve("key-broker");
        EarSigningKey signer = EarSigningKey.generate();
        Path signerFile = folder.resolve("ear-signer.jwk");
        write(signerFile, signer.publicJwk());
        verifier = new ScriptedVerifier(signer, clock);
        administration = new ScriptedAdministration();
        String attestation = "attestation-" + UUID.randomUUID();
        List<BindableService> services = new ArrayList<>(administration.services());
        services.add(verifier);
        attestationService = serve(attestation, services);
        broker = KeyBroker.open(configured.apply(signerFile), connect(attestation), clock);
        initdata = new RealmSettings(broker.identity(), ImagePolicy.ENCRYPTED_ONLY, AgentPolicy.NOTHING).toInitdata();
        verifier.answerSubmods(ScriptedVerifier.affirmingSubmods(initdata.personalizationValue()));
        bus = offer("bus", broker.busServices());
        edge = offer("edge", broker.edgeServices());
    }

    /// What guests call.
    KeyBrokerServiceGrpc.KeyBrokerServiceBlockingStub guest() {
        return KeyBrokerServiceGrpc.newBlockingStub(bus);
    }

    /// What guests of another network call.
    KeyBrokerServiceGrpc.KeyBrokerServiceBlockingStub guestAtEdge() {
        return KeyBrokerServiceGrpc.newBlockingStub(edge);
    }

    /// What the owner of the secrets calls.
    ResourceAdminServiceGrpc.ResourceAdminServiceBlockingStub owner() {
        return ownerWith("Bearer " + adminToken());
    }

    ResourceAdminServiceGrpc.ResourceAdminServiceBlockingStub ownerWith(String authorization) {
        return ownerWithoutToken().withInterceptors(header("authorization", authorization));
    }

    ResourceAdminServiceGrpc.ResourceAdminServiceBlockingStub ownerWithoutToken() {
        return ResourceAdminServiceGrpc.newBlockingStub(edge);
    }

    /// What administrators of policies call.
    ResourcePolicyServiceGrpc.ResourcePolicyServiceBlockingStub policies() {
        return policiesWith("Bearer " + adminToken());
    }

    ResourcePolicyServiceGrpc.ResourcePolicyServiceBlockingStub policiesWith(String authorization) {
        return ResourcePolicyServiceGrpc.newBlockingStub(edge).withInterceptors(header("authorization", authorization));
    }

    /// The audit log, an entry a line.
    List<String> audit() {
        return owner().listAuditEntries(ListAuditEntriesRequest.getDefaultInstance()).getEntriesList().stream()
                .map(entry -> entry.getActor() + " " + entry.getAction() + " " + entry.getSubject() + " "
                        + entry.getOutcome() + " " + entry.getDetail())
                .toList();
    }

    void put(String path, byte[] secret) {
        var unused = owner().putResource(PutResourceRequest.newBuilder()
                .setPath(path)
                .setSecret(ByteString.copyFrom(secret))
                .build());
    }

    String adminToken() {
        try {
            return Files.readString(state.resolve(KeyBroker.ADMIN_TOKEN_FILE));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void stopVerifier() {
        attestationService.shutdownNow();
    }

    static ClientInterceptor header(String name, String value) {
        Metadata headers = new Metadata();
        headers.put(Metadata.Key.of(name, Metadata.ASCII_STRING_MARSHALLER), value);
        return MetadataUtils.newAttachHeadersInterceptor(headers);
    }

    @Override
    public void close() {
        channels.forEach(ManagedChannel::shutdownNow);
        servers.forEach(Server::shutdownNow);
        broker.close();
        virtualThreads.shutdown();
    }

    private ManagedChannel offer(String name, List<BindableService> services) {
        String unique = name + "-" + UUID.randomUUID();
        serve(unique, services);
        return connect(unique);
    }

    private Server serve(String name, List<? extends BindableService> services) {
        InProcessServerBuilder builder = InProcessServerBuilder.forName(name).executor(virtualThreads);
        services.forEach(builder::addService);
        try {
            Server server = builder.build().start();
            servers.add(server);
            return server;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private ManagedChannel connect(String name) {
        ManagedChannel channel = InProcessChannelBuilder.forName(name).build();
        channels.add(channel);
        return channel;
    }

    private static void write(Path file, String text) {
        try {
            Files.createDirectories(file.getParent());
            Files.writeString(file, text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
