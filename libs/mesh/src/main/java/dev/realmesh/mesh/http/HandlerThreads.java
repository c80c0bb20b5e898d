// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.mesh.http;

import io.vertx.core.Context;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Function;

/// Calls handlers on virtual threads, and sends what they answer on the connection's.
final class HandlerThreads implements AutoCloseable {
    private final Vertx vertx;
    private final HttpRefusals refusals;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

    HandlerThreads(Vertx vertx, HttpRefusals refusals) {
        this.vertx = vertx;
        this.refusals = refusals;
    }

    Handler<RoutingContext> running(Function<HttpRequest, HttpAnswer> handler) {
        return context -> {
            HttpRequest request = new HttpRequest(context);
            Context loop = vertx.getOrCreateContext();
            threads.execute(() -> {
                HttpAnswer answer = answer(handler, request);
                loop.runOnContext(unused -> send(context, answer));
            });
        };
    }

    /// Sends the answer, unless one was sent, as that the client has waited too long.
    static void send(RoutingContext context, HttpAnswer answer) {
        HttpServerResponse response = context.response();
        if (!response.ended() && !response.closed()) {
            answer.headers().forEach(response::putHeader);
            response.setStatusCode(answer.status());
            response.end(answer.content());
        }
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }

    private HttpAnswer answer(Function<HttpRequest, HttpAnswer> handler, HttpRequest request) {
        try {
            return handler.apply(request);
        } catch (RuntimeException e) {
            return refusals.of(e);
        }
    }
}
