// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.attestation.grpc;

import dev.realmesh.attestation.endorsement.Provisioning;
import dev.realmesh.mesh.edge.AdminGuard;
import dev.realmesh.mesh.state.AdminToken;
import dev.realmesh.proto.attestation.v1.EndorsementServiceGrpc;
import dev.realmesh.proto.attestation.v1.SubmitEndorsementsRequest;
import dev.realmesh.proto.attestation.v1.SubmitEndorsementsResponse;
import io.grpc.BindableService;
import io.grpc.ServerInterceptors;
import io.grpc.stub.StreamObserver;

/// `EndorsementService`, for who has the admin token.
public final class EndorsementGrpc extends EndorsementServiceGrpc.EndorsementServiceImplBase {
    private final Provisioning provisioning;

    private EndorsementGrpc(Provisioning provisioning) {
        this.provisioning = provisioning;
    }

    /// The service behind its guard.
    public static BindableService guarded(Provisioning provisioning, AdminToken token) {
        EndorsementGrpc service = new EndorsementGrpc(provisioning);
        return () -> ServerInterceptors.intercept(service, new AdminGuard(token));
    }

    @Override
    public void submitEndorsements(
            SubmitEndorsementsRequest request, StreamObserver<SubmitEndorsementsResponse> observer) {
        Statuses.answer(observer, () -> {
            String id = provisioning.submit(Messages.bytes(request.getCorim()), request.getMediaType());
            return SubmitEndorsementsResponse.newBuilder().setCorimId(id).build();
        });
    }
}
