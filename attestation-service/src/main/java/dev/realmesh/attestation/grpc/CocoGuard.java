// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.attestation.grpc;

import dev.realmesh.mesh.edge.AdminGuard;
import dev.realmesh.mesh.state.AdminToken;
import dev.realmesh.proto.coco.attestation.AttestationServiceGrpc;
import dev.realmesh.proto.coco.reference.ReferenceValueProviderServiceGrpc;
import io.grpc.BindableService;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.ServerInterceptors;
import java.util.Set;

/// Asks for the admin token where a call of Trustee's API changes what evidence is appraised by; the others are open.
public final class CocoGuard implements ServerInterceptor {
    private static final Set<String> ADMINISTRATION = Set.of(
            AttestationServiceGrpc.getSetAttestationPolicyMethod().getFullMethodName(),
            ReferenceValueProviderServiceGrpc.getRegisterReferenceValueMethod().getFullMethodName());

    private final AdminGuard guard;

    private CocoGuard(AdminToken token) {
        this.guard = new AdminGuard(token);
    }

    /// A service of the API behind the guard.
    public static BindableService guarded(BindableService service, AdminToken token) {
        return () -> ServerInterceptors.intercept(service, new CocoGuard(token));
    }

    @Override
    public <Q, R> ServerCall.Listener<Q> interceptCall(
            ServerCall<Q, R> call, Metadata headers, ServerCallHandler<Q, R> next) {
        return ADMINISTRATION.contains(call.getMethodDescriptor().getFullMethodName())
                ? guard.interceptCall(call, headers, next)
                : next.startCall(call, headers);
    }
}
