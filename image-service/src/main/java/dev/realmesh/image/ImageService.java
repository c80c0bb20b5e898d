// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.image;

import dev.realmesh.image.connect.ConnectHosts;
import dev.realmesh.image.connect.Outbound;
import dev.realmesh.image.connect.OutboundLimits;
import dev.realmesh.image.delivery.Delivery;
import dev.realmesh.image.delivery.FindReferrers;
import dev.realmesh.image.delivery.Mirrors;
import dev.realmesh.image.delivery.Upstream;
import dev.realmesh.image.grpc.ImageGrpc;
import dev.realmesh.image.http.RegistryServer;
import dev.realmesh.image.metrics.PulledMetrics;
import dev.realmesh.image.registry.PulledBlobs;
import dev.realmesh.image.registry.Registry;
import dev.realmesh.mesh.MeshService;
import dev.realmesh.oci.registry.ClientOptions;
import io.grpc.BindableService;
import io.prometheus.metrics.model.registry.Collector;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;

/// The image service without the mesh: the registry, its HTTP API, and the gRPC services to be put on the bus and at
/// the edge.
public final class ImageService implements MeshService {
    /// Name on the bus.
    public static final String BUS_NAME = "image-service";

    private final Stores stores;
    private final RegistryServer server;
    private final Upstream upstream;
    private final ImageGrpc grpc;

    private ImageService(Stores stores, RegistryServer server, Upstream upstream, ImageServiceConfig config) {
        this.stores = stores;
        this.server = server;
        this.upstream = upstream;
        Set<String> allowed = Set.copyOf(config.upstreamRegistries());
        this.grpc = new ImageGrpc(
                new Delivery(stores.registry, stores.pulled, upstream, allowed),
                new FindReferrers(stores.registry, upstream, allowed),
                new Outbound(new ConnectHosts(config.connectHosts()), OutboundLimits.STANDARD));
    }

    /// What was pushed, and copies of what others have.
    private record Stores(Registry registry, PulledBlobs pulled) {}

    /// Opens the store and starts to serve the registry's API.
    ///
    /// @throws UncheckedIOException if folder, address, certificates or accounts cannot be used
    /// @throws dev.realmesh.oci.registry.RegistryClientException.BadAuthFile if the auth file cannot be
    public static ImageService open(ImageServiceConfig config, InstantSource clock) {
        try {
            ClientOptions options = config.clientOptions();
            Registry registry = Registry.open(config.store(), config.limits(), clock);
            try {
                PulledBlobs pulled = PulledBlobs.open(config.store().resolve("pulled"), config.limits(), clock);
                InetSocketAddress address = new InetSocketAddress(config.registryHost(), config.registryPort());
                RegistryServer server =
                        RegistryServer.start(address, config.registryTls(), registry, config.accounts());
                Upstream upstream = new Upstream(options, Mirrors.parse(config.mirrors()), clock);
                return new ImageService(new Stores(registry, pulled), server, upstream, config);
            } catch (IOException e) {
                registry.close();
                throw e;
            }
        } catch (IOException e) {
            throw new UncheckedIOException("image service: cannot start, " + e.getMessage(), e);
        }
    }

    /// Services for the bus, under `image-service`.
    @Override
    public List<BindableService> busServices() {
        return List.of(grpc.service());
    }

    /// Services for the edge.
    @Override
    public List<BindableService> edgeServices() {
        return List.of(grpc.service());
    }

    @Override
    public List<Collector> metrics() {
        return PulledMetrics.of(stores.pulled);
    }

    /// The port of the OCI distribution API.
    public int registryPort() {
        return server.port();
    }

    @Override
    public void close() {
        server.close();
        grpc.close();
        upstream.close();
        try {
            stores.registry.close();
        } catch (IOException e) {
            throw new UncheckedIOException("image service: store cannot be closed", e);
        }
    }
}
