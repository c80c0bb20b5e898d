// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.mesh.http;

import io.vertx.core.http.Cookie;
import io.vertx.ext.web.RoutingContext;
import java.util.Optional;

/// A request whose body was read.
public final class HttpRequest {
    private final RoutingContext context;

    HttpRequest(RoutingContext context) {
        this.context = context;
    }

    /// The path as it was sent, escapes and all.
    public String path() {
        return Optional.ofNullable(context.request().path()).orElse("");
    }

    /// A header, if it was sent.
    public Optional<String> header(String name) {
        return Optional.ofNullable(context.request().getHeader(name));
    }

    /// A cookie, if it was sent.
    public Optional<String> cookie(String name) {
        return Optional.ofNullable(context.request().getCookie(name)).map(Cookie::getValue);
    }

    /// The body; empty if there is none.
    public byte[] body() {
        return BodyReader.of(context).getBytes();
    }
}
