// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.attestation.grpc;

import com.google.protobuf.Timestamp;
import dev.realmesh.attestation.appraisal.PolicyTrials;
import dev.realmesh.attestation.policy.PolicyException;
import dev.realmesh.attestation.policy.PolicyStore;
import dev.realmesh.attestation.policy.StoredPolicy;
import dev.realmesh.mesh.edge.AdminGuard;
import dev.realmesh.mesh.state.AdminToken;
import dev.realmesh.proto.attestation.v1.ActivatePolicyRequest;
import dev.realmesh.proto.attestation.v1.ActivatePolicyResponse;
import dev.realmesh.proto.attestation.v1.AppraisalPolicy;
import dev.realmesh.proto.attestation.v1.DeactivatePolicyRequest;
import dev.realmesh.proto.attestation.v1.DeactivatePolicyResponse;
import dev.realmesh.proto.attestation.v1.DryRunPolicyRequest;
import dev.realmesh.proto.attestation.v1.DryRunPolicyResponse;
import dev.realmesh.proto.attestation.v1.GetPolicyRequest;
import dev.realmesh.proto.attestation.v1.GetPolicyResponse;
import dev.realmesh.proto.attestation.v1.ListPoliciesRequest;
import dev.realmesh.proto.attestation.v1.ListPoliciesResponse;
import dev.realmesh.proto.attestation.v1.PolicyServiceGrpc;
import dev.realmesh.proto.attestation.v1.PutPolicyRequest;
import dev.realmesh.proto.attestation.v1.PutPolicyResponse;
import io.grpc.BindableService;
import io.grpc.ServerInterceptors;
import io.grpc.stub.StreamObserver;

/// `PolicyService`, for who has the admin token.
public final class PolicyGrpc extends PolicyServiceGrpc.PolicyServiceImplBase {
    private final PolicyStore policies;
    private final PolicyTrials trials;

    private PolicyGrpc(PolicyStore policies, PolicyTrials trials) {
        this.policies = policies;
        this.trials = trials;
    }

    /// The service behind its guard.
    public static BindableService guarded(PolicyStore policies, PolicyTrials trials, AdminToken token) {
        PolicyGrpc service = new PolicyGrpc(policies, trials);
        return () -> ServerInterceptors.intercept(service, new AdminGuard(token));
    }

    @Override
    public void putPolicy(PutPolicyRequest request, StreamObserver<PutPolicyResponse> observer) {
        Statuses.answer(
                observer,
                () -> PutPolicyResponse.newBuilder()
                        .setPolicy(message(policies.put(request.getDocument())))
                        .build());
    }

    @Override
    public void listPolicies(ListPoliciesRequest request, StreamObserver<ListPoliciesResponse> observer) {
        Statuses.answer(
                observer,
                () -> ListPoliciesResponse.newBuilder()
                        .addAllPolicies(policies.list().stream()
                                .map(PolicyGrpc::message)
                                .toList())
                        .build());
    }

    @Override
    public void getPolicy(GetPolicyRequest request, StreamObserver<GetPolicyResponse> observer) {
        Statuses.answer(
                observer,
                () -> GetPolicyResponse.newBuilder()
                        .setPolicy(message(policies.get(request.getPolicyId())))
                        .build());
    }

    @Override
    public void activatePolicy(ActivatePolicyRequest request, StreamObserver<ActivatePolicyResponse> observer) {
        Statuses.answer(
                observer,
                () -> ActivatePolicyResponse.newBuilder()
                        .setPolicy(message(policies.activate(request.getPolicyId())))
                        .build());
    }

    @Override
    public void deactivatePolicy(DeactivatePolicyRequest request, StreamObserver<DeactivatePolicyResponse> observer) {
        Statuses.answer(observer, () -> {
            policies.deactivate();
            return DeactivatePolicyResponse.getDefaultInstance();
        });
    }

    @Override
    public void dryRunPolicy(DryRunPolicyRequest request, StreamObserver<DryRunPolicyResponse> observer) {
        Statuses.answer(observer, () -> {
            PolicyTrials.Trial trial = trial(request);
            DryRunPolicyResponse.Builder response = DryRunPolicyResponse.newBuilder();
            trial.before().forEach((name, appraisal) -> response.addBefore(Messages.submod(name, appraisal)));
            trial.after().forEach((name, appraisal) -> response.addAfter(Messages.submod(name, appraisal)));
            return response.build();
        });
    }

    private PolicyTrials.Trial trial(DryRunPolicyRequest request) {
        return switch (request.getPolicyCase()) {
            case POLICY_ID -> trials.ofStored(request.getPolicyId(), request.getResultId());
            case DOCUMENT -> trials.ofDocument(request.getDocument(), request.getResultId());
            case POLICY_NOT_SET ->
                throw new PolicyException.Invalid("policy: absent (expected: the id of a stored one, or a document)");
        };
    }

    private static AppraisalPolicy message(StoredPolicy policy) {
        return AppraisalPolicy.newBuilder()
                .setPolicyId(policy.id().toString())
                .setName(policy.name())
                .setVersion(policy.version())
                .setCreatedAt(
                        Timestamp.newBuilder().setSeconds(policy.createdAt().getEpochSecond()))
                .setActive(policy.active())
                .setDocument(policy.document())
                .build();
    }
}
