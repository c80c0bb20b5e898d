// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.attestation.grpc;

import com.google.protobuf.Timestamp;
import dev.realmesh.attestation.appraisal.AppraisalRequest;
import dev.realmesh.attestation.appraisal.PolicyTrials;
import dev.realmesh.attestation.policy.CelPolicy;
import dev.realmesh.attestation.policy.PolicyScheme;
import dev.realmesh.mesh.edge.AdminGuard;
import dev.realmesh.mesh.state.AdminToken;
import dev.realmesh.policy.PolicyException;
import dev.realmesh.policy.PolicyStore;
import dev.realmesh.policy.PolicyStore.Alongside;
import dev.realmesh.policy.PolicyText;
import dev.realmesh.policy.StoredPolicy;
import dev.realmesh.proto.attestation.v1.ActivatePolicyRequest;
import dev.realmesh.proto.attestation.v1.ActivatePolicyResponse;
import dev.realmesh.proto.attestation.v1.AppraisalPolicy;
import dev.realmesh.proto.attestation.v1.DeactivatePolicyRequest;
import dev.realmesh.proto.attestation.v1.DeactivatePolicyResponse;
import dev.realmesh.proto.attestation.v1.DryRunPolicyRequest;
import dev.realmesh.proto.attestation.v1.DryRunPolicyResponse;
import dev.realmesh.proto.attestation.v1.GetPolicyRequest;
import dev.realmesh.proto.attestation.v1.GetPolicyResponse;
import dev.realmesh.proto.attestation.v1.GivenEvidence;
import dev.realmesh.proto.attestation.v1.ListPoliciesRequest;
import dev.realmesh.proto.attestation.v1.ListPoliciesResponse;
import dev.realmesh.proto.attestation.v1.PolicyLanguage;
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
                        .setPolicy(message(policies.put(
                                PolicyScheme.ARM_CCA.name(),
                                text(request.getLanguage(), request.getName(), request.getDocument()),
                                Alongside.NOTHING)))
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
                        .setPolicy(message(policies.activate(request.getPolicyId(), Alongside.NOTHING)))
                        .build());
    }

    @Override
    public void deactivatePolicy(DeactivatePolicyRequest request, StreamObserver<DeactivatePolicyResponse> observer) {
        Statuses.answer(observer, () -> {
            policies.deactivate(PolicyScheme.ARM_CCA.name(), Alongside.NOTHING);
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
            case POLICY_ID -> trials.ofStored(request.getPolicyId(), evidence(request));
            case DOCUMENT -> trials.ofText(text(request.getLanguage(), "", request.getDocument()), evidence(request));
            case POLICY_NOT_SET ->
                throw new PolicyException.Invalid("policy: absent (expected: the id of a stored one, or a document)");
        };
    }

    private AppraisalRequest evidence(DryRunPolicyRequest request) {
        if (request.hasEvidence() != request.getResultId().isEmpty()) {
            throw new PolicyException.Invalid("evidence: " + (request.hasEvidence() ? "and a result" : "absent")
                    + " (expected: either evidence with its challenge, or the id of a stored result)");
        }
        GivenEvidence given = request.getEvidence();
        return request.hasEvidence()
                ? AppraisalRequest.of(
                        Messages.bytes(given.getEvidence()), given.getMediaType(), Messages.bytes(given.getChallenge()))
                : trials.evidenceOf(request.getResultId());
    }

    private static PolicyText text(PolicyLanguage language, String name, String document) {
        return switch (language) {
            case POLICY_LANGUAGE_UNSPECIFIED, POLICY_LANGUAGE_CEL -> celText(name, document);
            case POLICY_LANGUAGE_REGO -> PolicyText.rego(name, document);
            case UNRECOGNIZED -> throw new PolicyException.Invalid("language: unknown (expected: CEL or Rego)");
        };
    }

    private static PolicyText celText(String name, String document) {
        PolicyText text = CelPolicy.text(document);
        if (!name.isEmpty() && !name.equals(text.name())) {
            throw new PolicyException.Invalid("name: not the document's (expected: " + text.name() + ", or none)");
        }
        return text;
    }

    private static AppraisalPolicy message(StoredPolicy policy) {
        return AppraisalPolicy.newBuilder()
                .setPolicyId(policy.id().toString())
                .setName(policy.name())
                .setVersion(policy.version())
                .setCreatedAt(
                        Timestamp.newBuilder().setSeconds(policy.createdAt().getEpochSecond()))
                .setActive(policy.active())
                .setDocument(policy.policy().text())
                .setLanguage(
                        switch (policy.policy().language()) {
                            case CEL -> PolicyLanguage.POLICY_LANGUAGE_CEL;
                            case REGO -> PolicyLanguage.POLICY_LANGUAGE_REGO;
                        })
                .setScheme(policy.scheme())
                .build();
    }
}
