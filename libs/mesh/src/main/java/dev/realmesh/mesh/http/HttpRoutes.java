// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.mesh.http;

import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.Route;
import io.vertx.ext.web.Router;
import java.util.function.Function;

/// What an API serves, each path with its method, in the order in which they are tried.
public final class HttpRoutes {
    private final Router router;
    private final HandlerThreads threads;

    HttpRoutes(Router router, HandlerThreads threads) {
        this.router = router;
        this.threads = threads;
    }

    /// Serves requests without a body; one that comes all the same is not read.
    ///
    /// @param path of Vert.x's router: `:name` stands for a segment, `*` at its end for the rest
    public HttpRoutes on(String method, String path, Function<HttpRequest, HttpAnswer> handler) {
        route(method, path).handler(threads.running(handler));
        return this;
    }

    /// Serves requests with a body.
    ///
    /// @param limit largest body, in bytes
    public HttpRoutes on(String method, String path, int limit, Function<HttpRequest, HttpAnswer> handler) {
        route(method, path).handler(new BodyReader(limit)).handler(threads.running(handler));
        return this;
    }

    private Route route(String method, String path) {
        return router.route(HttpMethod.valueOf(method), path);
    }
}
