// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.mesh.edge;

import dev.realmesh.mesh.state.AdminToken;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;

/// Lets calls through that carry the admin token; all others end before their message is read.
public final class AdminGuard implements ServerInterceptor {
    private static final Metadata.Key<String> AUTHORIZATION =
            Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER);
    private static final Status REFUSED =
            Status.UNAUTHENTICATED.withDescription("authorization: no or wrong token (expected: Bearer <admin.token>)");

    private final AdminToken token;

    /// A guard that knows `token`.
    public AdminGuard(AdminToken token) {
        this.token = token;
    }

    @Override
    public <Q, R> ServerCall.Listener<Q> interceptCall(
            ServerCall<Q, R> call, Metadata headers, ServerCallHandler<Q, R> next) {
        String authorization = headers.get(AUTHORIZATION);
        if (authorization != null && token.isIn(authorization)) {
            return next.startCall(call, headers);
        }
        call.close(REFUSED, new Metadata());
        return new ServerCall.Listener<>() {};
    }
}
