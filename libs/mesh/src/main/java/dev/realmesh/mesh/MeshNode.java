// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.mesh;

import dev.realmesh.mesh.bus.Bus;
import dev.realmesh.mesh.bus.BusListener;
import dev.realmesh.mesh.bus.Cluster;
import dev.realmesh.mesh.edge.Edge;
import dev.realmesh.mesh.edge.EdgeConfig;
import dev.realmesh.mesh.health.WatchedChecks;
import dev.realmesh.mesh.metrics.Metrics;
import dev.realmesh.mesh.metrics.ServedCalls;
import dev.realmesh.mesh.transport.SessionConfig;
import dev.realmesh.mesh.transport.SessionTransport;
import io.grpc.BindableService;
import io.grpc.ManagedChannel;
import io.grpc.ServerInterceptors;
import io.prometheus.metrics.model.registry.Collector;
import io.vertx.core.Vertx;
import java.time.Duration;
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
    private static final Duration LAST_CALLS = Duration.ofSeconds(1);

    private final MeshConfig config;
    private final Vertx vertx;
    private final Bus bus;
    private final SessionConfig sessions;
    private final Set<ManagedChannel> channels = ConcurrentHashMap.newKeySet();
    private final CallsInFlight calls = new CallsInFlight();
    private final List<BusServing> servings = new CopyOnWriteArrayList<>();
    private final List<Edge> edges = new CopyOnWriteArrayList<>();
    private final AtomicBoolean closed = new AtomicBoolean();
    private final Metrics metrics = Metrics.ofProcess();
    private final ServedCalls served = new ServedCalls(metrics);
    private final Readiness readiness;
    private final @Nullable HealthEndpoint health;

    private MeshNode(MeshConfig config, Cluster cluster) {
        this.config = config;
        this.sessions = SessionConfig.ofMesh().withMaxMessageBytes(config.maxMessageBytes());
        this.vertx = cluster.vertx();
        this.bus = Bus.join(cluster);
        readiness = new Readiness(config.health().needs(), this::channel);
        health = config.health().port().isEmpty()
                ? null
                : HealthEndpoint.open(
                        vertx,
                        config.health().host(),
                        config.health().port().get(),
                        new HealthEndpoint.Shown(readiness, metrics));
    }

    /// Starts a node; blocks until it is a member of its cluster, and knows what the others serve.
    public static MeshNode start(MeshConfig config) {
        Cluster cluster = config.cluster().map(Cluster::join).orElseGet(Cluster::ofOneProcess);
        try {
            return new MeshNode(config, cluster);
        } catch (RuntimeException e) {
            cluster.vertx().close().await();
            throw e;
        }
    }

    /// A channel to the instances that serve `busName`, such as `key-broker`: they take turns, call by call. With an
    /// `@`, such as `realm-agent@<realm id>`, it is a channel to that instance. It may be made before any instance is
    /// up. The node closes what is still open when it closes.
    public ManagedChannel channel(String busName) {
        ManagedChannel channel = bus.channel(busName, sessions).intercept(calls).build();
        channels.removeIf(ManagedChannel::isTerminated);
        channels.add(channel);
        return channel;
    }

    /// Serves `services` under `busName`, together with gRPC health, as one more instance; if it has an `@`, as that
    /// instance. Returns once others can find them. Handlers run on a virtual thread each and may block.
    public Serving serve(String busName, List<? extends BindableService> services) {
        BusListener listener = bus.listener(busName);
        BusServing serving = BusServing.start(
                SessionTransport.server(listener, sessions), listener.instance(), counted(services), config.drain());
        servings.add(serving);
        readiness.keep(serving.health());
        listener.announce();
        return () -> {
            servings.remove(serving);
            readiness.drop(serving.health());
            serving.close();
        };
    }

    /// Serves what `service` has for the bus under `busName`, and shows by gRPC and HTTP health whether all is there
    /// that it needs: each check has been made once when this returns.
    public Serving serve(String busName, MeshService service) {
        WatchedChecks watched = readiness.watch(busName, service);
        List<Collector> collectors = service.metrics();
        metrics.add(collectors);
        Serving serving = serve(busName, service.busServices());
        return () -> {
            readiness.forget(watched);
            metrics.remove(collectors);
            serving.close();
        };
    }

    /// Opens an HTTP/2 edge with `services`, server reflection (v1, v1alpha) and health. Services of other nodes
    /// are offered by [dev.realmesh.mesh.forward.Forwarding].
    public Edge openEdge(EdgeConfig edge, List<? extends BindableService> services) {
        Edge open = Edge.open(vertx, edge, counted(services), config.drain());
        edges.add(open);
        readiness.keep(open.health());
        return open;
    }

    /// Whether all is there that this node and its services need.
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

    /// Drains and leaves: not ready; the edges drain, whose calls go on over the bus; then what is served on the bus
    /// drains; then out of the cluster. Each waits for calls in flight as long as `drain` says.
    @Override
    public void close() {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        readiness.close();
        all(edges);
        all(servings);
        endChannels();
        if (health != null) {
            health.close();
        }
        vertx.close().await();
    }

    private List<BindableService> counted(List<? extends BindableService> services) {
        return services.stream()
                .map(each -> (BindableService) () -> ServerInterceptors.intercept(each, served))
                .toList();
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

    private void endChannels() {
        channels.forEach(ManagedChannel::shutdown);
        try {
            calls.awaitNone(LAST_CALLS);
            channels.forEach(ManagedChannel::shutdownNow);
            for (ManagedChannel channel : channels) {
                channel.awaitTermination(LAST_CALLS.toMillis(), TimeUnit.MILLISECONDS);
            }
        } catch (InterruptedException e) {
            channels.forEach(ManagedChannel::shutdownNow);
            Thread.currentThread().interrupt();
        }
    }

    /// Services on the bus under one name; closing drains them and leaves the rest of the node alone.
    public interface Serving extends AutoCloseable {
        @Override
        void close();
    }
}
