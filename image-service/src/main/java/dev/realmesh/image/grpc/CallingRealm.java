// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.image.grpc;

import dev.realmesh.mesh.forward.RealmMetadata;
import io.grpc.Context;
import io.grpc.Contexts;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import java.util.Optional;

/// Keeps which Realm a call is from, as its host has marked it; callers at an edge cannot say it.
final class CallingRealm implements ServerInterceptor {
    private static final Context.Key<String> ID = Context.key("realm-id");

    /// The Realm of the current call, if it is one's.
    static Optional<String> current() {
        return Optional.ofNullable(ID.get());
    }

    @Override
    public <Q, R> ServerCall.Listener<Q> interceptCall(
            ServerCall<Q, R> call, Metadata headers, ServerCallHandler<Q, R> next) {
        String id = headers.get(RealmMetadata.REALM_ID);
        return id == null
                ? next.startCall(call, headers)
                : Contexts.interceptCall(Context.current().withValue(ID, id), call, headers, next);
    }
}
