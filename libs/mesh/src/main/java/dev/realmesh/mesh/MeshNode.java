// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.mesh;

import dev.realmesh.mesh.bus.Bus;
import dev.realmesh.mesh.bus.Cluster;
import dev.realmesh.mesh.bus.NodeWatch;
import dev.realmesh.mesh.edge.Edge;
import dev.realmesh.mesh.edge.EdgeConfig;
import dev.realmesh.mesh.transport.SessionConfig;
import dev.realmesh.mesh.transport.SessionTransport;
import io.grpc.BindableService;
import io.grpc.ManagedChannel;
import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;

/// A node of the mesh: it serves gRPC services under names on the event bus, and calls those of others.
///
/// All methods block, so they are for virtual threads or `main`, not for event loops.
@SuppressWarnings("DoNotCallSuggester")
public final class MeshNode implements AutoCloseable {
    private final MeshConfig config;
    private final Vertx vertx;
    private final Bus bus;
    private final String node;
    private final SessionConfig sessions;
    private final Set<ManagedChannel> channels = ConcurrentHashMap.newKeySet();
    private final List<Serving> servings = new CopyOnWriteArrayList<>();

    private MeshNode(MeshConfig config) {
        this.config = config;
        this.sessions = SessionConfig.ofMesh().withMaxMessageBytes(config.maxMessageBytes());
        if (config.cluster().isPresent()) {
            Cluster cluster = Cluster.join(config.cluster().get(), this::membershipChanged);
            vertx = cluster.vertx();
            node = cluster.node();
            bus = new Bus(vertx, node, cluster.nodes());
        } else {
            vertx = Vertx.vertx();
            node = "";
            bus = new Bus(vertx, node, NodeWatch.ofOneNode());
        }
    }

    /// Starts a node; blocks until it is a member of its cluster.
    public static MeshNode start(MeshConfig config) {
        return new MeshNode(config);
    }

    /// A channel to the instances that serve `busName`, such as `key-broker` or `realm-agent@<realm id>`.
    /// It may be made before any instance is up. The node closes what is still open when it closes.
    public ManagedChannel channel(String busName) {
        ManagedChannel channel = SessionTransport.channel(Bus.address(busName), bus.connector(), sessions, bus.timers())
                .build();
        channels.removeIf(ManagedChannel::isTerminated);
        channels.add(channel);
        return channel;
    }

    /// Serves `services` under `busName`, together with gRPC health; returns once others can find them.
    /// Handlers run on a virtual thread each and may block.
    public Serving serve(String busName, List<BindableService> services) {
        List<String> addresses = node.isEmpty()
                ? List.of(Bus.address(busName))
                : List.of(Bus.address(busName), Bus.address(busName + "@" + node));
        Serving serving = BusServing.start(
                SessionTransport.server(bus.listener(addresses), sessions), busName, services, config.drain());
        servings.add(serving);
        return () -> {
            servings.remove(serving);
            serving.close();
        };
    }

    /// Opens an HTTP/2 edge with `services`, server reflection (v1, v1alpha) and health.
    public Edge openEdge(EdgeConfig edge, List<BindableService> services) {
        throw new UnsupportedOperationException("edge on " + edge.port() + " with " + services.size() + " services");
    }

    /// Drains and leaves: not serving, unregistered, calls in flight ended or waited for as `drain` says, then
    /// out of the cluster.
    @Override
    public void close() {
        List<Serving> open = new ArrayList<>(servings);
        servings.removeAll(open);
        open.forEach(Serving::close);
        channels.forEach(ManagedChannel::shutdown);
        channels.forEach(MeshNode::end);
        vertx.close().await();
    }

    /// The configuration that it was started with.
    public MeshConfig config() {
        return config;
    }

    /// Who has just come may serve what a channel waits for.
    private void membershipChanged() {
        channels.forEach(ManagedChannel::resetConnectBackoff);
    }

    private static void end(ManagedChannel channel) {
        try {
            if (!channel.awaitTermination(1, TimeUnit.SECONDS)) {
                channel.shutdownNow();
            }
        } catch (InterruptedException e) {
            channel.shutdownNow();
            Thread.currentThread().interrupt();
        }
    }

    /// Services on the bus under one name; closing drains them and leaves the rest of the node alone.
    public interface Serving extends AutoCloseable {
        @Override
        void close();
    }
}
