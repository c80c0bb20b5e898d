// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.keybroker.grpc;

import dev.realmesh.keybroker.admin.AdminException;
import dev.realmesh.keybroker.admin.Administrator;
import dev.realmesh.keybroker.admin.Administrators;
import io.grpc.Context;
import io.grpc.Contexts;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import java.util.Optional;

/// Lets administrators through; all others end before their message is read. What the administrator may do, each method
/// asks with [#require].
final class AdministratorGuard implements ServerInterceptor {
    private static final Metadata.Key<String> AUTHORIZATION =
            Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER);
    private static final Context.Key<Administrator> CALLER = Context.key("administrator");

    private final Administrators administrators;

    AdministratorGuard(Administrators administrators) {
        this.administrators = administrators;
    }

    /// Who calls, if they may.
    ///
    /// @param path what they ask for, as a path of the KBS protocol
    /// @throws AdminException.Forbidden if their role may not
    Administrator require(String path) {
        Administrator caller = CALLER.get();
        administrators.requireAllowed(caller, path);
        return caller;
    }

    @Override
    public <Q, R> ServerCall.Listener<Q> interceptCall(
            ServerCall<Q, R> call, Metadata headers, ServerCallHandler<Q, R> next) {
        try {
            Administrator caller = administrators.authenticate(Optional.ofNullable(headers.get(AUTHORIZATION)));
            return Contexts.interceptCall(Context.current().withValue(CALLER, caller), call, headers, next);
        } catch (AdminException e) {
            call.close(Statuses.of(e), new Metadata());
            return new ServerCall.Listener<>() {};
        }
    }
}
