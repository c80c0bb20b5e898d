// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.attestation.rest;

import dev.realmesh.attestation.appraisal.AppraiseEvidence;
import dev.realmesh.attestation.endorsement.Provisioning;
import dev.realmesh.attestation.result.ResultStore;
import dev.realmesh.attestation.session.SessionLimits;
import dev.realmesh.attestation.session.Sessions;
import dev.realmesh.mesh.edge.EdgeConfig;
import dev.realmesh.mesh.http.BodyReader;
import dev.realmesh.mesh.state.AdminToken;
import dev.realmesh.policy.PolicyStore;
import io.vertx.core.Context;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.TimeoutHandler;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/// Serves the API on an address. Bodies are read up to a limit, then each request has a virtual thread of its own.
public final class RestServer implements AutoCloseable {
    private static final int MAX_REQUESTS = 256;
    private static final int IDLE_SECONDS = 60;
    private static final int MAX_LINE_BYTES = 4096;
    private static final int MAX_HEADER_BYTES = 16 << 10;
    private static final int MAX_EVIDENCE_BODY = 128 << 10;
    private static final int MAX_CORIM_BODY = 4 << 20;
    private static final int MAX_POLICY_BODY = 128 << 10;
    private static final long ANSWER_WITHIN_MILLIS = 30_000;
    private static final int DRAIN_SECONDS = 2;

    private final Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(2));
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final Semaphore free = new Semaphore(MAX_REQUESTS);
    private final HttpServer server;

    private RestServer(RestConfig config, Parts parts) {
        server = vertx.createHttpServer(options(config)).requestHandler(router(config, parts));
    }

    /// Public keys that results are verified with.
    ///
    /// @param ears JWK of the EAR signer
    /// @param tokens JWK set of the signer of tokens for a Trustee KBS
    public record Keys(String ears, String tokens) {}

    /// What the API is an interface to.
    ///
    /// @param policies absent if they are another verifier's
    /// @param keys what results are verified with
    /// @param version of the service
    /// @param token what provisioning and management ask for
    public record Parts(
            AppraiseEvidence appraisals,
            ResultStore results,
            Provisioning provisioning,
            Optional<PolicyStore> policies,
            Keys keys,
            String version,
            AdminToken token,
            InstantSource clock) {}

    /// Starts to serve; blocks until it does.
    ///
    /// @throws IllegalStateException if the address cannot be had
    public static RestServer start(RestConfig config, Parts parts) {
        RestServer started = new RestServer(config, parts);
        try {
            started.server
                    .listen(config.port(), config.host())
                    .toCompletionStage()
                    .toCompletableFuture()
                    .join();
            return started;
        } catch (CompletionException e) {
            started.close();
            throw new IllegalStateException(
                    "Veraison's API: cannot listen on " + config.host() + ":" + config.port(), e.getCause());
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
            server.shutdown(DRAIN_SECONDS, TimeUnit.SECONDS)
                    .toCompletionStage()
                    .toCompletableFuture()
                    .join();
        } finally {
            vertx.close().toCompletionStage().toCompletableFuture().join();
            threads.shutdownNow();
        }
    }

    private static HttpServerOptions options(RestConfig config) {
        return config.tls()
                .map(EdgeConfig.Tls::serverOptions)
                .orElseGet(HttpServerOptions::new)
                .setIdleTimeout(IDLE_SECONDS)
                .setMaxInitialLineLength(MAX_LINE_BYTES)
                .setMaxHeaderSize(MAX_HEADER_BYTES)
                .setHandle100ContinueAutomatically(true);
    }

    private Router router(RestConfig config, Parts parts) {
        DiscoveryHandler discovery = new DiscoveryHandler(parts.keys(), parts.version(), parts.clock());
        SessionHandler session = new SessionHandler(
                new Sessions(new SessionLimits(config.maxSessions(), config.sessionTime()), parts.clock()),
                parts.appraisals(),
                parts.results(),
                config.nonceEncoding());
        ProvisioningHandler provisioning = new ProvisioningHandler(parts.provisioning(), parts.clock());
        OperatorGuard guard = new OperatorGuard(parts.token(), config.authentication());

        Router router = Router.router(vertx);
        router.route().handler(TimeoutHandler.create(ANSWER_WITHIN_MILLIS)).handler(this::admit);
        router.get(Paths.DISCOVERY + "verification").handler(answering(discovery::verification));
        router.get(Paths.DISCOVERY + "provisioning").handler(answering(discovery::provisioning));
        router.get(Paths.TOKEN_KEYS).handler(answering(discovery::tokenKeys));
        router.post(Paths.NEW_SESSION).handler(answering(session::open));
        router.get(Paths.SESSION).handler(answering(session::get));
        router.delete(Paths.SESSION).handler(answering(session::remove));
        router.post(Paths.SESSION).handler(new BodyReader(MAX_EVIDENCE_BODY)).handler(answering(session::submit));
        // Before the body is read: only who may provision gets to send that much.
        router.post(Paths.SUBMIT).handler(context -> admit(context, guard));
        router.post(Paths.SUBMIT).handler(new BodyReader(MAX_CORIM_BODY)).handler(answering(provisioning::submit));
        parts.policies().ifPresent(policies -> {
            router.get(Paths.DISCOVERY + "management").handler(answering(discovery::management));
            manage(router, guard, new ManagementHandler(policies));
        });
        router.route().handler(context -> new Exchange(context).send(Answer.pageNotFound()));
        router.route().failureHandler(RestServer::fail);
        return router;
    }

    private void manage(Router router, OperatorGuard guard, ManagementHandler management) {
        Handler<RoutingContext> operators = context -> admit(context, guard);
        router.post(Paths.POLICY)
                .handler(operators)
                .handler(new BodyReader(MAX_POLICY_BODY))
                .handler(answering(management::create));
        router.post(Paths.ACTIVATE).handler(operators).handler(answering(management::activate));
        router.get(Paths.POLICY).handler(operators).handler(answering(management::active));
        router.get(Paths.POLICY_OF_ID).handler(operators).handler(answering(management::get));
        router.get(Paths.POLICIES).handler(operators).handler(answering(management::list));
        router.post(Paths.DEACTIVATE).handler(operators).handler(answering(management::deactivate));
    }

    /// Lets no more requests in than there is memory for.
    private void admit(RoutingContext context) {
        if (free.tryAcquire()) {
            context.addEndHandler(ended -> free.release());
            context.next();
        } else {
            new Exchange(context)
                    .send(Problem.unavailable("requests: too many at once, try again")
                            .answer());
        }
    }

    private static void admit(RoutingContext context, OperatorGuard guard) {
        if (guard.admits(context.request().getHeader("Authorization"))) {
            context.next();
        } else {
            new Exchange(context).send(guard.refusal().answer());
        }
    }

    /// Calls a handler on a thread of its own, and sends what it answers on the connection's.
    private Handler<RoutingContext> answering(Function<Exchange, Answer> handler) {
        return context -> {
            Exchange exchange = new Exchange(context);
            Context loop = vertx.getOrCreateContext();
            threads.execute(() -> {
                Answer answer = answer(handler, exchange);
                loop.runOnContext(unused -> exchange.send(answer));
            });
        };
    }

    private static Answer answer(Function<Exchange, Answer> handler, Exchange exchange) {
        try {
            return handler.apply(exchange);
        } catch (RuntimeException e) {
            return Problem.of(e).answer();
        }
    }

    /// What Vert.x itself refuses: bodies that are too large, paths and queries that cannot be decoded.
    private static void fail(RoutingContext context) {
        Problem problem = switch (context.statusCode()) {
            case 400 -> Problem.badRequest("request: malformed (expected: HTTP)");
            case 413 -> Problem.tooLarge();
            case 503 -> Problem.unavailable("answer: not in time, try again");
            default -> Problem.of(failure(context));
        };
        new Exchange(context).send(problem.answer());
    }

    private static RuntimeException failure(RoutingContext context) {
        return context.failure() instanceof RuntimeException failure
                ? failure
                : new IllegalStateException("status " + context.statusCode(), context.failure());
    }
}
