// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.attestation.appraisal;

import dev.realmesh.attestation.policy.AppraisalPolicies;
import dev.realmesh.attestation.policy.CelPolicy;
import dev.realmesh.attestation.policy.PolicyStore;
import dev.realmesh.attestation.result.ResultStore;
import dev.realmesh.cca.ear.SubmodAppraisal;
import java.util.Map;

/// What a policy would make of evidence that was appraised before, by the endorsements of today.
public final class PolicyTrials {
    private static final String NOT_STORED = "trial";

    private final ArmCcaScheme scheme;
    private final PolicyStore policies;
    private final ResultStore results;

    public PolicyTrials(ArmCcaScheme scheme, PolicyStore policies, ResultStore results) {
        this.scheme = scheme;
        this.policies = policies;
        this.results = results;
    }

    /// Appraisals by submod, without a policy and with it.
    public record Trial(Map<String, SubmodAppraisal> before, Map<String, SubmodAppraisal> after) {}

    /// Tries a stored policy, active or not.
    ///
    /// @throws dev.realmesh.attestation.policy.PolicyException.NotFound if there is no such policy
    /// @throws dev.realmesh.attestation.result.ResultException.NotFound if there is no such result
    public Trial ofStored(String policyId, String resultId) {
        return of(CelPolicy.compile(policies.get(policyId).document()), policyId, resultId);
    }

    /// Tries a policy that is not stored.
    ///
    /// @throws dev.realmesh.attestation.policy.PolicyException.Invalid if it is none that could be applied
    /// @throws dev.realmesh.attestation.result.ResultException.NotFound if there is no such result
    public Trial ofDocument(String document, String resultId) {
        return of(CelPolicy.compile(document), NOT_STORED, resultId);
    }

    private Trial of(CelPolicy policy, String policyId, String resultId) {
        ResultStore.WithEvidence result = results.get(resultId);
        AppraisalRequest request =
                new AppraisalRequest(result.evidence(), result.result().challenge());
        Map<String, SubmodAppraisal> before = scheme.appraise(request);
        return new Trial(before, AppraisalPolicies.apply(policy, policyId, request.nonce(), before));
    }
}
