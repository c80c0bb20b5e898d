// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.mesh;

import dev.realmesh.mesh.bus.Bus;
import dev.realmesh.mesh.bus.Cluster;
import dev.realmesh.mesh.edge.Edge;
import dev.realmesh.mesh.edge.EdgeConfig;
import dev.realmesh.mesh.transport.SessionConfig;
import dev.realmesh.mesh.transport.SessionTransport;
import io.grpc.BindableService;
import io.grpc.ManagedChannel;
import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/// A node of the mesh: it serves gRPC services under names on the event bus, and calls those of others.
///
/// All methods block, so they are for virtual threads or `main`, not for event loops.
public final class MeshNode implements AutoCloseable {
    private final MeshConfig config;
    private final Vertx vertx;
    private final Bus bus;
    private final String node;
    private final SessionConfig sessions;
    private final Set<ManagedChannel> channels = ConcurrentHashMap.newKeySet();
    private final List<BusServing> servings = new CopyOnWriteArrayList<>();
    private final List<Edge> edges = new CopyOnWriteArrayList<>();
    private final AtomicBoolean closed = new AtomicBoolean();
    private final Readiness readiness;
    private final @Nullable HealthEndpoint health;

    private MeshNode(MeshConfig config, Cluster cluster) {
        this.config = config;
        this.sessions = SessionConfig.ofMesh().withMaxMessageBytes(config.maxMessageBytes());
        this.vertx = cluster.vertx();
        this.node = cluster.node();
        this.bus = new Bus(vertx, node, cluster.nodes());
        bus.onAnnounced(this::reconnect);
        readiness = new Readiness(config.health().needs(), this::channel);
        health = config.health().port().isEmpty()
                ? null
                : HealthEndpoint.open(
                        vertx, config.health().host(), config.health().port().get(), readiness);
    }

    /// Starts a node; blocks until it is a member of its cluster.
    public static MeshNode start(MeshConfig config) {
        Cluster cluster = config.cluster().map(Cluster::join).orElseGet(Cluster::ofOneProcess);
        try {
            return new MeshNode(config, cluster);
        } catch (RuntimeException e) {
            cluster.vertx().close().await();
            throw e;
        }
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
    public Serving serve(String busName, List<? extends BindableService> services) {
        List<String> addresses = node.isEmpty()
                ? List.of(Bus.address(busName))
                : List.of(Bus.address(busName), Bus.address(busName + "@" + node));
        BusServing serving = BusServing.start(
                SessionTransport.server(bus.listener(addresses), sessions), busName, services, config.drain());
        servings.add(serving);
        bus.announce(busName);
        return () -> {
            servings.remove(serving);
            serving.close();
        };
    }

    /// Opens an HTTP/2 edge with `services`, server reflection (v1, v1alpha) and health. Services of other nodes
    /// are offered by [dev.realmesh.mesh.forward.Forwarding].
    public Edge openEdge(EdgeConfig edge, List<? extends BindableService> services) {
        Edge open = Edge.open(vertx, edge, services, config.drain());
        edges.add(open);
        return open;
    }

    /// Whether all that this node needs answer as serving.
    public boolean ready() {
        return readiness.ready();
    }

    /// The port of HTTP health, if there is one.
    public OptionalInt healthPort() {
        return health == null ? OptionalInt.empty() : OptionalInt.of(health.port());
    }

    /// Closes the node when the process is told to end (SIGTERM, SIGINT).
    public void closeOnTermination() {
        Runtime.getRuntime()
                .addShutdownHook(Thread.ofPlatform().name("mesh-close").unstarted(this::close));
    }

    /// Drains and leaves: not ready, not serving, unregistered, GOAWAY to every client; then calls in flight are
    /// waited for as long as `drain` says, edges first, for their calls go on over the bus; then out of the
    /// cluster.
    @Override
    public void close() {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        readiness.close();
        servings.forEach(BusServing::notServing);
        all(edges);
        all(servings);
        channels.forEach(ManagedChannel::shutdown);
        channels.forEach(MeshNode::end);
        if (health != null) {
            health.close();
        }
        vertx.close().await();
    }

    /// Who has just begun to serve may be what a channel waits for.
    private void reconnect() {
        channels.forEach(ManagedChannel::resetConnectBackoff);
    }

    private static void all(List<? extends AutoCloseable> parts) {
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            new ArrayList<>(parts).forEach(part -> threads.execute(() -> close(part)));
        }
    }

    private static void close(AutoCloseable part) {
        try {
            part.close();
        } catch (Exception e) {
            throw new IllegalStateException("node: a part did not close", e);
        }
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
