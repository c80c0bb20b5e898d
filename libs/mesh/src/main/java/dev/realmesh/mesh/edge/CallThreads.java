// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.mesh.edge;

import com.google.common.util.concurrent.MoreExecutors;
import dev.realmesh.mesh.forward.RealmMetadata;
import io.grpc.Context;
import io.grpc.InternalServer;
import io.grpc.Metadata;
import io.grpc.Server;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;

/// Moves calls of the edge from Vert.x's event loop, where vertx-grpcio runs them, to virtual threads, and back.
///
/// It also gives handlers what grpc-java's own server would and the bridge does not: a [Context] that is
/// cancelled with the call, `onCancel` at the deadline and when the client's connection ends, a refusal to write behind
/// the end.
final class CallThreads implements ServerInterceptor {
    private static final Context.Key<HttpServerResponse> RESPONSE = Context.key("http-response");

    private final Vertx vertx;
    private final Server server;
    private final Executor threads = Executors.newVirtualThreadPerTaskExecutor();

    CallThreads(Vertx vertx, Server server) {
        this.vertx = vertx;
        this.server = server;
    }

    /// Lets the calls that a server takes from its requests know when their client is gone.
    static Handler<HttpServerRequest> knowingTheirClient(Handler<HttpServerRequest> server) {
        return request ->
                Context.current().withValue(RESPONSE, request.response()).run(() -> server.handle(request));
    }

    @Override
    public <Q, R> ServerCall.Listener<Q> interceptCall(
            ServerCall<Q, R> call, Metadata headers, ServerCallHandler<Q, R> next) {
        RealmMetadata.strip(headers);
        Context.CancellableContext context = Context.current()
                .withValue(InternalServer.SERVER_CONTEXT_KEY, server)
                .withCancellation();
        EdgeCall<Q, R> moved = new EdgeCall<>(call, vertx.getOrCreateContext(), context);
        Executor inOrder = MoreExecutors.newSequentialExecutor(threads);
        EdgeListener<Q, R> listener = new EdgeListener<>(moved, inOrder, () -> next.startCall(moved, headers));
        RESPONSE.get().closeHandler(ended -> listener.onGone());
        return listener;
    }
}
