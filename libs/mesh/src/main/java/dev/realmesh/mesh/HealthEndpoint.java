// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.mesh;

import dev.realmesh.mesh.health.CheckResult;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import java.util.List;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// `/health/live` and `/health/ready` over HTTP, for those who start and stop nodes: 200 or 503, and JSON in the words
/// of
/// MicroProfile Health: `{"status":"DOWN","checks":[{"id":"key-broker/database","status":"DOWN","detail":"…"}]}`.
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
            case "/health/live" -> answer(request, true, List.of());
            case "/health/ready" -> answer(request, readiness.ready(), readiness.results());
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

    private static String word(boolean up) {
        return up ? "UP" : "DOWN";
    }
}
