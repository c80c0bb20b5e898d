// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.mesh;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;

/// `/health/live` and `/health/ready` over HTTP, for those who start and stop nodes.
final class HealthEndpoint implements AutoCloseable {
    private final HttpServer http;

    private HealthEndpoint(HttpServer http) {
        this.http = http;
    }

    static HealthEndpoint open(Vertx vertx, String host, int port, Readiness readiness) {
        HttpServer http = vertx.createHttpServer().requestHandler(request -> answer(request, readiness));
        return new HealthEndpoint(http.listen(port, host).await());
    }

    int port() {
        return http.actualPort();
    }

    @Override
    public void close() {
        http.close().await();
    }

    private static void answer(HttpServerRequest request, Readiness readiness) {
        String path = request.path();
        switch (path == null ? "" : path) {
            case "/health/live" -> answer(request, 200, "live");
            case "/health/ready" -> {
                boolean ready = readiness.ready();
                String text = ready ? "ready" : "not ready; missing: " + String.join(" ", readiness.missing());
                answer(request, ready ? 200 : 503, text);
            }
            default -> answer(request, 404, "not here");
        }
    }

    private static void answer(HttpServerRequest request, int code, String text) {
        request.response()
                .setStatusCode(code)
                .putHeader("content-type", "text/plain")
                .end(text + "\n");
    }
}
