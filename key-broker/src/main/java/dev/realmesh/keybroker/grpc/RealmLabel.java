// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.keybroker.grpc;

import io.grpc.BindableService;
import io.grpc.Context;
import io.grpc.Contexts;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.ServerInterceptors;
import java.util.regex.Pattern;

/// What the host calls the Realm that a call comes from: metadata `realmesh-realm-id`, which the host's end of the
/// guarded
/// link sets. A label for people, believed by nothing; read on the bus only, since anyone could send it to the edge.
final class RealmLabel implements ServerInterceptor {
    private static final Metadata.Key<String> HEADER =
            Metadata.Key.of("realmesh-realm-id", Metadata.ASCII_STRING_MARSHALLER);
    private static final Context.Key<String> LABEL = Context.keyWithDefault("realmesh-realm-id", "");
    private static final Pattern FORM = Pattern.compile("[a-z0-9-]{1,63}");

    private RealmLabel() {}

    /// The service with the label of each call at hand.
    static BindableService labelled(BindableService service) {
        return () -> ServerInterceptors.intercept(service, new RealmLabel());
    }

    /// The label of the current call; empty if it has none.
    static String current() {
        return LABEL.get();
    }

    @Override
    public <Q, R> ServerCall.Listener<Q> interceptCall(
            ServerCall<Q, R> call, Metadata headers, ServerCallHandler<Q, R> next) {
        String label = headers.get(HEADER);
        if (label == null || !FORM.matcher(label).matches()) {
            return next.startCall(call, headers);
        }
        return Contexts.interceptCall(Context.current().withValue(LABEL, label), call, headers, next);
    }
}
