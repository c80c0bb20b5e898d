// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.mesh.http;

import dev.realmesh.mesh.edge.EdgeConfig;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.TimeoutHandler;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/// Serves an HTTP API on an address: so many requests at once, bodies up to their limit, answers in time, each request
/// on a virtual thread of its own.
public final class HttpListener implements AutoCloseable {
    private static final int MAX_REQUESTS = 256;
    private static final int IDLE_SECONDS = 60;
    private static final int MAX_LINE_BYTES = 4096;
    private static final int MAX_HEADER_BYTES = 64 << 10;
    private static final long ANSWER_WITHIN_MILLIS = 30_000;
    private static final int DRAIN_SECONDS = 2;

    private final Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(2));
    private final Semaphore free = new Semaphore(MAX_REQUESTS);
    private final AtomicBoolean closed = new AtomicBoolean();
    private final HttpRefusals refusals;
    private final HttpMeter meter;
    private final HandlerThreads threads;
    private final HttpServer server;

    private HttpListener(
            Optional<EdgeConfig.Tls> tls, HttpRefusals refusals, HttpMeter meter, Consumer<HttpRoutes> routes) {
        this.refusals = refusals;
        this.meter = meter;
        threads = new HandlerThreads(vertx, refusals);
        server = vertx.createHttpServer(options(tls)).requestHandler(router(routes));
    }

    /// Where it is served.
    ///
    /// @param name what the API is called, for messages
    /// @param host address to listen on
    /// @param port port to listen on, 0 for any free one
    /// @param tls certificate; absent: plain HTTP
    public record Address(String name, String host, int port, Optional<EdgeConfig.Tls> tls) {}

    /// Starts to serve; blocks until it does.
    ///
    /// @throws IllegalStateException if the address cannot be had
    public static HttpListener start(Address address, HttpRefusals refusals, Consumer<HttpRoutes> routes) {
        return start(address, refusals, HttpMeter.NONE, routes);
    }

    /// Likewise.
    ///
    /// @param meter counts the requests
    public static HttpListener start(
            Address address, HttpRefusals refusals, HttpMeter meter, Consumer<HttpRoutes> routes) {
        HttpListener started = new HttpListener(address.tls(), refusals, meter, routes);
        try {
            started.server
                    .listen(address.port(), address.host())
                    .toCompletionStage()
                    .toCompletableFuture()
                    .join();
            return started;
        } catch (CompletionException e) {
            started.close();
            throw new IllegalStateException(
                    address.name() + ": cannot listen on " + address.host() + ":" + address.port(), e.getCause());
        }
    }

    /// The port that it listens on.
    public int port() {
        return server.actualPort();
    }

    /// Refuses new requests, and gives those under way a moment. Does nothing a second time.
    @Override
    public void close() {
        if (closed.getAndSet(true)) {
            return;
        }
        try {
            server.shutdown(DRAIN_SECONDS, TimeUnit.SECONDS)
                    .toCompletionStage()
                    .toCompletableFuture()
                    .join();
        } finally {
            vertx.close().toCompletionStage().toCompletableFuture().join();
            threads.close();
        }
    }

    private static HttpServerOptions options(Optional<EdgeConfig.Tls> tls) {
        return tls.map(EdgeConfig.Tls::serverOptions)
                .orElseGet(HttpServerOptions::new)
                .setIdleTimeout(IDLE_SECONDS)
                .setMaxInitialLineLength(MAX_LINE_BYTES)
                .setMaxHeaderSize(MAX_HEADER_BYTES)
                .setHandle100ContinueAutomatically(true);
    }

    private Router router(Consumer<HttpRoutes> routes) {
        Router router = Router.router(vertx);
        router.route().handler(this::count);
        router.route().handler(TimeoutHandler.create(ANSWER_WITHIN_MILLIS)).handler(this::admit);
        routes.accept(new HttpRoutes(router, threads));
        router.route().failureHandler(this::fail);
        router.errorHandler(404, context -> HandlerThreads.send(context, refusals.of(404)));
        router.errorHandler(405, context -> HandlerThreads.send(context, refusals.of(405)));
        return router;
    }

    private void count(RoutingContext context) {
        String path = String.valueOf(context.request().path());
        long began = System.nanoTime();
        meter.began(path);
        context.addEndHandler(ended -> meter.ended(new HttpMeter.Answered(
                path,
                context.response().getStatusCode(),
                Duration.ofNanos(System.nanoTime() - began),
                context.request().bytesRead(),
                context.response().bytesWritten())));
        context.next();
    }

    /// Lets no more requests in than there is memory for.
    private void admit(RoutingContext context) {
        if (free.tryAcquire()) {
            context.addEndHandler(ended -> free.release());
            context.next();
        } else {
            HandlerThreads.send(context, refusals.of(503));
        }
    }

    /// What Vert.x itself refuses: bodies that are too large, paths and queries that cannot be decoded.
    private void fail(RoutingContext context) {
        int status = context.statusCode();
        HttpAnswer answer = status == 400 || status == 404 || status == 405 || status == 413 || status == 503
                ? refusals.of(status)
                : refusals.of(failure(context));
        HandlerThreads.send(context, answer);
    }

    private static RuntimeException failure(RoutingContext context) {
        return context.failure() instanceof RuntimeException failure
                ? failure
                : new IllegalStateException("status " + context.statusCode(), context.failure());
    }
}
