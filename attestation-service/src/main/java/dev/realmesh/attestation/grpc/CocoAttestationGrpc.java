// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.attestation.grpc;

import dev.realmesh.attestation.coco.AttestationPolicies;
import dev.realmesh.attestation.coco.CocoException;
import dev.realmesh.attestation.coco.EvaluateEvidence;
import dev.realmesh.attestation.coco.InitDataBinding;
import dev.realmesh.attestation.coco.RuntimeDataBinding;
import dev.realmesh.attestation.coco.VerificationRequest;
import dev.realmesh.proto.coco.attestation.AttestationRequest;
import dev.realmesh.proto.coco.attestation.AttestationResponse;
import dev.realmesh.proto.coco.attestation.AttestationServiceGrpc;
import dev.realmesh.proto.coco.attestation.ChallengeRequest;
import dev.realmesh.proto.coco.attestation.ChallengeResponse;
import dev.realmesh.proto.coco.attestation.IndividualAttestationRequest;
import dev.realmesh.proto.coco.attestation.SetPolicyRequest;
import dev.realmesh.proto.coco.attestation.SetPolicyResponse;
import io.grpc.stub.StreamObserver;
import java.util.List;
import java.util.Map;

/// Trustee's `AttestationService`. Calls block; serve them on virtual threads.
public final class CocoAttestationGrpc extends AttestationServiceGrpc.AttestationServiceImplBase {
    private static final String NO_CHALLENGE = "";

    private final EvaluateEvidence evaluation;
    private final AttestationPolicies policies;

    public CocoAttestationGrpc(EvaluateEvidence evaluation, AttestationPolicies policies) {
        this.evaluation = evaluation;
        this.policies = policies;
    }

    @Override
    public void attestationEvaluate(AttestationRequest request, StreamObserver<AttestationResponse> observer) {
        Statuses.answer(observer, () -> {
            policies.requireKnown(request.getPolicyIdsList());
            String token = evaluation.evaluate(read(only(request.getVerificationRequestsList())));
            return AttestationResponse.newBuilder().setAttestationToken(token).build();
        });
    }

    @Override
    public void setAttestationPolicy(SetPolicyRequest request, StreamObserver<SetPolicyResponse> observer) {
        Statuses.answer(observer, () -> {
            policies.set(request.getPolicyId(), request.getPolicy());
            return SetPolicyResponse.getDefaultInstance();
        });
    }

    @Override
    public void getAttestationChallenge(ChallengeRequest request, StreamObserver<ChallengeResponse> observer) {
        Statuses.answer(observer, () -> {
            Map<String, String> inner = request.getInnerMap();
            if (!inner.containsKey("tee") || !inner.containsKey("tee_params")) {
                throw new CocoException.Malformed("inner: incomplete (expected: tee and tee_params)");
            }
            requireSupported(String.valueOf(inner.get("tee")));
            return ChallengeResponse.newBuilder()
                    .setAttestationChallenge(NO_CHALLENGE)
                    .build();
        });
    }

    private static IndividualAttestationRequest only(List<IndividualAttestationRequest> requests) {
        if (requests.isEmpty()) {
            throw new CocoException.Malformed("verification_requests: none (expected: one)");
        }
        requests.forEach(request -> requireSupported(request.getTee()));
        if (requests.size() > 1) {
            throw new CocoException.UnsupportedTee("verification_requests: " + requests.size() + " (expected: one, of "
                    + VerificationRequest.TEE + ")");
        }
        return requests.getFirst();
    }

    private static void requireSupported(String tee) {
        if (!tee.equals(VerificationRequest.TEE)) {
            throw new CocoException.UnsupportedTee("tee: another (expected: " + VerificationRequest.TEE
                    + "; devices beside it are not appraised either)");
        }
    }

    private static VerificationRequest read(IndividualAttestationRequest request) {
        return VerificationRequest.of(request.getEvidence(), runtimeData(request), initData(request));
    }

    private static RuntimeDataBinding runtimeData(IndividualAttestationRequest request) {
        return switch (request.getRuntimeDataCase()) {
            case STRUCTURED_RUNTIME_DATA ->
                RuntimeDataBinding.structured(
                        request.getStructuredRuntimeData(), request.getRuntimeDataHashAlgorithm());
            case RAW_RUNTIME_DATA -> RuntimeDataBinding.raw(request.getRawRuntimeData());
            case RUNTIMEDATA_NOT_SET ->
                throw new CocoException.Malformed(
                        "runtime_data: absent (expected: what the evidence is bound to, raw or structured)");
        };
    }

    private static InitDataBinding initData(IndividualAttestationRequest request) {
        return switch (request.getInitDataCase()) {
            case INIT_DATA_DIGEST -> InitDataBinding.digest(request.getInitDataDigest());
            case INIT_DATA_TOML -> InitDataBinding.toml(request.getInitDataToml());
            case INITDATA_NOT_SET -> InitDataBinding.NONE;
        };
    }
}
