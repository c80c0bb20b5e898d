// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.image.http;

import dev.realmesh.image.registry.Registry;
import dev.realmesh.image.registry.RegistryException;
import dev.realmesh.mesh.edge.EdgeConfig;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Serves a registry on an address. Each request has a virtual thread of its own; bodies stream in by pieces and out
/// from files. Without TLS, clients that try it first are refused at once, which a plain-text server owes them.
public final class RegistryServer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(RegistryServer.class);
    private static final int MAX_REQUESTS = 256;
    private static final int IDLE_SECONDS = 60;
    private static final int MAX_LINE_BYTES = 4096;
    private static final int MAX_HEADER_BYTES = 16 << 10;
    private static final int DRAIN_SECONDS = 2;

    private final Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(2));
    private final HttpServer server;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final Semaphore free = new Semaphore(MAX_REQUESTS);
    private final ManifestHandler manifests;
    private final BlobHandler blobs;
    private final UploadHandler uploads;
    private final TagsHandler tags;
    private final ReferrersHandler referrers;
    private final Accounts accounts;

    private RegistryServer(Optional<EdgeConfig.Tls> tls, Registry registry, Accounts accounts) {
        this.server = vertx.createHttpServer(options(tls));
        this.accounts = accounts;
        this.manifests = new ManifestHandler(registry);
        this.blobs = new BlobHandler(registry);
        this.uploads = new UploadHandler(registry);
        this.tags = new TagsHandler(registry);
        this.referrers = new ReferrersHandler(registry);
    }

    /// Starts to serve; blocks until it does.
    ///
    /// @param address port 0 for any free one
    /// @param tls certificate; absent: plain HTTP
    /// @param accounts who may use it
    /// @throws IOException if the address cannot be had, or the certificate not be used
    public static RegistryServer start(
            InetSocketAddress address, Optional<EdgeConfig.Tls> tls, Registry registry, Accounts accounts)
            throws IOException {
        RegistryServer started = new RegistryServer(tls, registry, accounts);
        started.server.requestHandler(request -> {
            Exchange exchange = new Exchange(request);
            started.threads.execute(() -> started.handle(exchange));
        });
        try {
            Future<HttpServer> listening = started.server.listen(address.getPort(), address.getHostString());
            listening.toCompletionStage().toCompletableFuture().join();
            return started;
        } catch (CompletionException e) {
            started.close();
            throw new IOException("registry API: cannot listen on " + address + ", " + e.getCause(), e.getCause());
        }
    }

    /// The port that it listens on.
    public int port() {
        return server.actualPort();
    }

    /// Refuses new requests, and gives those under way a moment.
    @Override
    public void close() {
        try {
            boolean drained = free.tryAcquire(MAX_REQUESTS, DRAIN_SECONDS, TimeUnit.SECONDS);
            LOG.debug("closing, {}", drained ? "no request under way" : "requests under way are cut off");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        vertx.close().toCompletionStage().toCompletableFuture().join();
        threads.shutdownNow();
    }

    /// HTTP/1.1 with TLS too: a blob needs a connection of its own, not a share of one.
    private static HttpServerOptions options(Optional<EdgeConfig.Tls> tls) {
        return tls.map(EdgeConfig.Tls::serverOptions)
                .orElseGet(HttpServerOptions::new)
                .setUseAlpn(false)
                .setIdleTimeout(IDLE_SECONDS)
                .setMaxInitialLineLength(MAX_LINE_BYTES)
                .setMaxHeaderSize(MAX_HEADER_BYTES)
                .setHandle100ContinueAutomatically(true);
    }

    /// Answers a request, whatever happens.
    private void handle(Exchange exchange) {
        try {
            if (!free.tryAcquire()) {
                refuse(exchange, Errors.BUSY);
                return;
            }
            try {
                admit(exchange);
            } finally {
                free.release();
            }
        } catch (IOException e) {
            LOG.debug("{}: the client has gone", exchange.method(), e);
        }
    }

    private void admit(Exchange exchange) throws IOException {
        exchange.set("Docker-Distribution-API-Version", "registry/2.0");
        switch (accounts.verdict(exchange.header("Authorization"))) {
            case ADMITTED -> answer(exchange, exchange.path().flatMap(Route::parse));
            case REFUSED ->
                refuse(
                        exchange.set("WWW-Authenticate", "Basic realm=\"realmesh registry\", charset=\"UTF-8\""),
                        Errors.UNAUTHORIZED);
            case BUSY -> refuse(exchange, Errors.BUSY);
        }
    }

    private void answer(Exchange exchange, Optional<Route> route) throws IOException {
        try {
            if (route.isEmpty()) {
                refuse(exchange, Errors.NOT_FOUND);
            } else if (!dispatch(exchange, route.get())) {
                refuse(exchange, Errors.methodNotAllowed(exchange.method()));
            }
        } catch (RegistryException e) {
            if (e instanceof RegistryException.ChunkOutOfOrder order) {
                exchange.set("Range", "0-" + Math.max(order.offset() - 1, 0));
            }
            refuse(exchange, Errors.of(e));
        } catch (IOException | RuntimeException e) {
            if (exchange.isBroken()) {
                throw e;
            }
            LOG.warn("{}: failed", exchange.method(), e);
            refuse(exchange, Errors.FAILED);
        }
    }

    /// Whether the path takes that method.
    private boolean dispatch(Exchange exchange, Route route) throws IOException {
        String operation = exchange.method().equals("HEAD") ? "GET" : exchange.method();
        return switch (route) {
            case Route.Root root -> operation.equals("GET") && done(() -> exchange.answer(200));
            case Route.TagsOf list -> operation.equals("GET") && done(() -> tags.list(list, exchange));
            case Route.ReferrersOf of -> operation.equals("GET") && done(() -> referrers.list(of, exchange));
            case Route.BlobOf blob ->
                switch (operation) {
                    case "GET" -> done(() -> blobs.get(blob, exchange));
                    case "DELETE" -> done(() -> blobs.delete(blob, exchange));
                    default -> false;
                };
            case Route.UploadsOf begin -> operation.equals("POST") && done(() -> uploads.begin(begin, exchange));
            case Route.ManifestOf manifest ->
                switch (operation) {
                    case "GET" -> done(() -> manifests.get(manifest, exchange));
                    case "PUT" -> done(() -> manifests.put(manifest, exchange));
                    case "DELETE" -> done(() -> manifests.delete(manifest, exchange));
                    default -> false;
                };
            case Route.UploadOf upload ->
                switch (operation) {
                    case "GET" -> done(() -> uploads.status(upload, exchange));
                    case "PATCH" -> done(() -> uploads.append(upload, exchange));
                    case "PUT" -> done(() -> uploads.finish(upload, exchange));
                    case "DELETE" -> done(() -> uploads.cancel(upload, exchange));
                    default -> false;
                };
        };
    }

    private static boolean done(Operation operation) throws IOException {
        operation.run();
        return true;
    }

    private static void refuse(Exchange exchange, Errors errors) throws IOException {
        if (!exchange.isAnswered()) {
            exchange.set("Content-Type", "application/json").answer(errors.status(), errors.toJson());
        }
    }

    /// One method of one path.
    @FunctionalInterface
    private interface Operation {
        void run() throws IOException;
    }
}
