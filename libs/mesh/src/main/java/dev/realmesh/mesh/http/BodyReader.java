// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.mesh.http;

import io.vertx.core.Handler;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;

/// Reads a body up to a limit, as bytes whatever its media type says; Vert.x's own handler takes forms apart.
public final class BodyReader implements Handler<RoutingContext> {
    private static final String KEY = "body";

    private final int limit;

    /// @param limit largest body, in bytes; what is larger fails with 413
    public BodyReader(int limit) {
        this.limit = limit;
    }

    /// What was read; nothing if there was no body, or none was read.
    public static Buffer of(RoutingContext context) {
        return context.get(KEY, Buffer.buffer());
    }

    @Override
    public void handle(RoutingContext context) {
        HttpServerRequest request = context.request();
        Buffer body = Buffer.buffer();
        request.handler(chunk -> {
            if (body.length() + chunk.length() <= limit) {
                body.appendBuffer(chunk);
            } else if (!context.failed()) {
                context.fail(413);
            }
        });
        request.endHandler(ended -> {
            if (!context.failed()) {
                context.put(KEY, body);
                context.next();
            }
        });
    }
}
