// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.mesh;

import dev.realmesh.mesh.health.CheckResult;
import dev.realmesh.mesh.metrics.Metrics;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// `/metrics` for Prometheus, and `/health/live` and `/health/ready` over HTTP, for those who start and stop nodes: 200
/// or 503, and JSON in the words
/// of
/// MicroProfile Health: `{"status":"DOWN","checks":[{"id":"key-broker/database","status":"DOWN","detail":"…"}]}`.
final class HealthEndpoint implements AutoCloseable {
    private final HttpServer http;

    private HealthEndpoint(HttpServer http) {
        this.http = http;
    }

    /// What it shows.
    record Shown(Readiness readiness, Metrics metrics) {}

    static HealthEndpoint open(Vertx vertx, String host, int port, Shown shown) {
        HttpServer http = vertx.createHttpServer().requestHandler(request -> answer(request, vertx, shown));
        return new HealthEndpoint(http.listen(port, host).await());
    }

    int port() {
        return http.actualPort();
    }

    @Override
    public void close() {
        http.close().await();
    }

    private static void answer(HttpServerRequest request, Vertx vertx, Shown shown) {
        Readiness readiness = shown.readiness();
        String path = request.path();
        switch (path == null ? "" : path) {
            case "/health/live" -> answer(request, true, List.of());
            case "/health/ready" -> answer(request, readiness.ready(), readiness.results());
            case "/metrics" -> read(request, vertx, shown.metrics());
            default -> request.response().setStatusCode(404).end();
        }
    }

    private static void answer(HttpServerRequest request, boolean up, List<CheckResult> results) {
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        body.put("status", word(up));
        ArrayNode checks = body.putArray("checks");
        for (CheckResult result : results) {
            ObjectNode check = checks.addObject().put("id", result.id()).put("status", word(result.up()));
            result.problem().ifPresent(problem -> check.put("detail", problem));
        }
        request.response()
                .setStatusCode(up ? 200 : 503)
                .putHeader("content-type", "application/json")
                .end(body + "\n");
    }

    private static void read(HttpServerRequest request, Vertx vertx, Metrics metrics) {
        if (!request.method().equals(HttpMethod.GET)) {
            request.response().setStatusCode(405).putHeader("allow", "GET").end();
            return;
        }
        Optional<String> accept = Optional.ofNullable(request.getHeader("accept"));
        vertx.executeBlocking(() -> metrics.read(accept))
                .onSuccess(read -> request.response()
                        .putHeader("content-type", read.contentType())
                        .end(Buffer.buffer(read.content())))
                .onFailure(failed -> request.response().setStatusCode(500).end());
    }

    private static String word(boolean up) {
        return up ? "UP" : "DOWN";
    }
}
