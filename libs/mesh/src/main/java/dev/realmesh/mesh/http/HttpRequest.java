// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.mesh.http;

import io.vertx.core.http.Cookie;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.HttpException;
import java.util.List;
import java.util.Optional;

/// A request whose body was read.
public final class HttpRequest {
    private final RoutingContext context;

    HttpRequest(RoutingContext context) {
        this.context = context;
    }

    /// The method, in capitals.
    public String method() {
        return context.request().method().name();
    }

    /// The path as it was sent, escapes and all.
    public String path() {
        return Optional.ofNullable(context.request().path()).orElse("");
    }

    /// What stands in the path for `:name` of the route.
    public String pathParameter(String name) {
        return String.valueOf(context.pathParam(name));
    }

    /// A header, if it was sent.
    public Optional<String> header(String name) {
        return Optional.ofNullable(context.request().getHeader(name));
    }

    /// A cookie, if it was sent.
    public Optional<String> cookie(String name) {
        return Optional.ofNullable(context.request().getCookie(name)).map(Cookie::getValue);
    }

    /// Values of a parameter of the query, decoded.
    ///
    /// @throws IllegalArgumentException if they cannot be decoded
    public List<String> query(String name) {
        try {
            return context.queryParam(name);
        } catch (HttpException e) {
            throw new IllegalArgumentException("query: cannot be decoded (expected: NAME=VALUE)", e);
        }
    }

    /// The body; empty if there is none.
    public byte[] body() {
        return BodyReader.of(context).getBytes();
    }
}
