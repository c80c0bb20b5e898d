// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.integration.e2e;

import dev.realmesh.attestation.AttestationService;
import dev.realmesh.attestation.AttestationServiceConfig;
import dev.realmesh.cli.mesh.EmbeddedMeshConfig;
import dev.realmesh.host.Host;
import dev.realmesh.image.ImageService;
import dev.realmesh.kbs.AgentPolicy;
import dev.realmesh.kbs.AgentPolicy.Permission;
import dev.realmesh.kbs.ImagePolicy;
import dev.realmesh.kbs.RealmSettings;
import dev.realmesh.keybroker.KeyBroker;
import dev.realmesh.mesh.MeshConfig;
import dev.realmesh.mesh.MeshNode;
import dev.realmesh.mesh.MeshService;
import dev.realmesh.mesh.edge.Edge;
import io.grpc.BindableService;
import io.grpc.Channel;
import io.grpc.ClientInterceptors;
import io.grpc.ForwardingServerCall.SimpleForwardingServerCall;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.ServerInterceptors;
import io.grpc.Status;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

/// The mesh in its parts: a service can be taken off the bus and brought back, the host can be made to lie, and what
/// calls to the host ended with is kept.
final class MeshOfParts implements RunningMesh {
    private static final InstantSource CLOCK = InstantSource.system();

    final Interloper interloper = new Interloper();
    final HeldBlobs blobs = new HeldBlobs();
    private final BlockingQueue<Status> ends = new LinkedBlockingQueue<>();
    private final EmbeddedMeshConfig config;
    private final MeshNode node;
    final Host host;
    private final Map<String, MeshService> services = new LinkedHashMap<>();
    private final Map<String, Queue<MeshNode.Serving>> serving = new HashMap<>();
    private final KeyBroker keyBroker;
    private ImageService images;
    private final Edge edge;

    MeshOfParts(EmbeddedMeshConfig config) throws IOException {
        this.config = config;
        node = MeshNode.start(config.mesh());
        host = Host.open(config.host(), lying(KeyBroker.BUS_NAME), lying(ImageService.BUS_NAME), CLOCK);
        AttestationServiceConfig attestation = config.attestation().withEndorsements(endorsements(config));
        services.put(Host.BUS_NAME, host);
        services.put(AttestationService.BUS_NAME, AttestationService.open(attestation, CLOCK));
        keyBroker = KeyBroker.open(config.keyBroker(), node.channel(AttestationService.BUS_NAME), CLOCK);
        services.put(KeyBroker.BUS_NAME, keyBroker);
        images = ImageService.open(config.images(), CLOCK);
        services.put(ImageService.BUS_NAME, images);
        RealmSettings settings = new RealmSettings(
                keyBroker.identity(),
                ImagePolicy.ENCRYPTED_ONLY,
                AgentPolicy.allowing(Permission.COMMAND, Permission.ENVIRONMENT, Permission.SECRET_FILES));
        Files.write(config.initdata(), settings.toInitdata().toBytes());
        services.keySet().forEach(this::bringBack);
        List<BindableService> all = new ArrayList<>();
        services.values().forEach(service -> all.addAll(service.edgeServices()));
        all.replaceAll(service -> () -> ServerInterceptors.intercept(service, new Ends()));
        edge = node.openEdge(config.edge(), all);
    }

    /// The same settings, but that what ends does not wait for the calls that it serves.
    static EmbeddedMeshConfig hasty(EmbeddedMeshConfig config) {
        MeshConfig mesh = config.mesh();
        return new EmbeddedMeshConfig(
                config.stateFolder(),
                new MeshConfig(mesh.cluster(), mesh.health(), Duration.ZERO, mesh.maxMessageBytes()),
                config.edge(),
                config.host(),
                config.attestation(),
                config.keyBroker(),
                config.images());
    }

    private static List<Path> endorsements(EmbeddedMeshConfig config) {
        List<Path> folders = new ArrayList<>(config.host().endorsementFolders());
        folders.addAll(config.attestation().endorsementFolders());
        folders.add(config.host().stateFolder());
        return folders;
    }

    /// Takes a service off the bus, of several instances the oldest; returns when nobody reaches it any more.
    void takeAway(String busName) {
        serving.get(busName).remove().close();
    }

    /// Serves a service, as one more instance if there is one.
    void bringBack(String busName) {
        serving.computeIfAbsent(busName, name -> new ArrayDeque<>())
                .add(
                        busName.equals(ImageService.BUS_NAME)
                                ? node.serve(busName, blobs.before(images.busServices()))
                                : node.serve(busName, services.get(busName)));
    }

    /// Ends image-service, as its process would.
    void endImageService() {
        takeAway(ImageService.BUS_NAME);
        images.close();
    }

    /// Starts it anew.
    void startImageService() {
        images = ImageService.open(config.images(), CLOCK);
        services.put(ImageService.BUS_NAME, images);
        bringBack(ImageService.BUS_NAME);
    }

    /// What calls at the edge ended with since this was asked last, oldest first.
    List<Status> ends() {
        List<Status> all = new ArrayList<>();
        ends.drainTo(all);
        return all;
    }

    @Override
    public int edgePort() {
        return edge.port();
    }

    @Override
    public int registryPort() {
        return images.registryPort();
    }

    @Override
    public int keyProviderPort() {
        return keyBroker.keyProviderPort().orElseThrow();
    }

    @Override
    public Channel channel(String busName) {
        return node.channel(busName);
    }

    @Override
    public void close() {
        serving.values().forEach(instances -> instances.forEach(MeshNode.Serving::close));
        node.close();
        services.values().forEach(MeshService::close);
    }

    private Channel lying(String busName) {
        return ClientInterceptors.intercept(node.channel(busName), interloper);
    }

    private final class Ends implements ServerInterceptor {
        @Override
        public <Q, R> ServerCall.Listener<Q> interceptCall(
                ServerCall<Q, R> call, Metadata headers, ServerCallHandler<Q, R> next) {
            return next.startCall(
                    new SimpleForwardingServerCall<>(call) {
                        @Override
                        public void close(Status status, Metadata trailers) {
                            ends.add(status);
                            super.close(status, trailers);
                        }
                    },
                    headers);
        }
    }
}
