// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.mesh.edge;

import dev.realmesh.mesh.health.ServedHealth;
import io.grpc.BindableService;
import io.grpc.ServerInterceptors;
import io.grpc.ServerServiceDefinition;
import io.grpc.protobuf.services.ProtoReflectionServiceV1;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.http.Http2Settings;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.grpc.server.GrpcServerOptions;
import io.vertx.grpcio.server.GrpcIoServer;
import io.vertx.grpcio.server.GrpcIoServiceBridge;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;

/// An open HTTP/2 edge: gRPC services, health and server reflection for clients from outside the mesh.
///
/// Metadata that only the mesh may set is dropped at the edge. Handlers run on virtual threads and may block.
public final class Edge implements AutoCloseable {
    private static final int MAX_STREAMS = 256;

    private final HttpServer http;
    private final ServedHealth health;
    private final Duration drain;
    private final Optional<Vertx> own;

    private Edge(HttpServer http, ServedHealth health, Duration drain, Optional<Vertx> own) {
        this.http = http;
        this.health = health;
        this.drain = drain;
        this.own = own;
    }

    /// Opens an edge; blocks until it listens.
    ///
    /// @param drain how long calls in flight may last once it closes
    public static Edge open(Vertx vertx, EdgeConfig config, List<? extends BindableService> services, Duration drain) {
        return open(vertx, config, services, new Ending(drain, Optional.empty()));
    }

    /// Opens an edge beside that of the node, for services with callers of their own; blocks until it listens.
    ///
    /// @param drain how long calls in flight may last once it closes
    /// @throws IllegalStateException if the address cannot be had
    public static Edge openApart(EdgeConfig config, List<? extends BindableService> services, Duration drain) {
        Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1));
        try {
            return open(vertx, config, services, new Ending(drain, Optional.of(vertx)));
        } catch (RuntimeException e) {
            vertx.close().toCompletionStage().toCompletableFuture().join();
            throw e;
        }
    }

    /// How an edge ends.
    ///
    /// @param own what is closed with it
    private record Ending(Duration drain, Optional<Vertx> own) {}

    private static Edge open(Vertx vertx, EdgeConfig config, List<? extends BindableService> services, Ending ending) {
        List<ServerServiceDefinition> served = new ArrayList<>();
        services.forEach(service -> served.add(service.bindService()));
        ServedHealth health = new ServedHealth(served.stream()
                .map(definition -> definition.getServiceDescriptor().getName())
                .toList());
        served.add(health.service().bindService());
        served.add(ProtoReflectionServiceV1.newInstance().bindService());
        served.add(v1alpha());
        CallThreads threads = new CallThreads(vertx, new ServedServices(served));
        GrpcIoServer grpc = GrpcIoServer.server(vertx, options(config));
        served.forEach(definition -> GrpcIoServiceBridge.bridge(ServerInterceptors.intercept(definition, threads))
                .bind(grpc));
        HttpServer http = vertx.createHttpServer(http(config)).requestHandler(CallThreads.knowingTheirClient(grpc));
        return new Edge(listening(http, config), health, ending.drain(), ending.own());
    }

    /// The port that it listens on.
    public int port() {
        return http.actualPort();
    }

    /// What tells clients whether it serves.
    public ServedHealth health() {
        return health;
    }

    /// Lets no new call in, and waits for those in flight as long as the drain says.
    @Override
    public void close() {
        health.end();
        http.shutdown(drain.toMillis(), TimeUnit.MILLISECONDS)
                .toCompletionStage()
                .toCompletableFuture()
                .join();
        own.ifPresent(
                vertx -> vertx.close().toCompletionStage().toCompletableFuture().join());
    }

    private static HttpServer listening(HttpServer http, EdgeConfig config) {
        try {
            return http.listen(config.port(), config.host())
                    .toCompletionStage()
                    .toCompletableFuture()
                    .join();
        } catch (CompletionException e) {
            throw new IllegalStateException(
                    "edge: cannot listen on " + config.host() + ":" + config.port(), e.getCause());
        }
    }

    /// Tools in the field still ask for this version of reflection first.
    @SuppressWarnings("deprecation")
    private static ServerServiceDefinition v1alpha() {
        return io.grpc.protobuf.services.ProtoReflectionService.newInstance().bindService();
    }

    private static GrpcServerOptions options(EdgeConfig config) {
        return new GrpcServerOptions()
                .setMaxMessageSize(config.maxMessageBytes())
                .setScheduleDeadlineAutomatically(true)
                .setDeadlinePropagation(true);
    }

    private static HttpServerOptions http(EdgeConfig config) {
        return config.tls()
                .map(EdgeConfig.Tls::serverOptions)
                .orElseGet(HttpServerOptions::new)
                .setInitialSettings(new Http2Settings().setMaxConcurrentStreams(MAX_STREAMS));
    }
}
