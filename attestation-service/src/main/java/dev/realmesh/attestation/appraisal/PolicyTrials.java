// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.attestation.appraisal;

import dev.realmesh.attestation.policy.AppraisalPolicies;
import dev.realmesh.attestation.policy.CompiledPolicy;
import dev.realmesh.attestation.policy.Findings;
import dev.realmesh.attestation.result.ResultStore;
import dev.realmesh.cca.ear.SubmodAppraisal;
import dev.realmesh.policy.PolicyEngine;
import dev.realmesh.policy.PolicyStore;
import dev.realmesh.policy.PolicyText;
import java.util.Map;

/// What a policy would make of evidence, given or appraised before, by the endorsements of today.
public final class PolicyTrials {
    private static final String NOT_STORED = "trial";

    private final ArmCcaScheme scheme;
    private final PolicyStore policies;
    private final PolicyEngine<CompiledPolicy> engine;
    private final ResultStore results;

    public PolicyTrials(
            ArmCcaScheme scheme, PolicyStore policies, PolicyEngine<CompiledPolicy> engine, ResultStore results) {
        this.scheme = scheme;
        this.policies = policies;
        this.engine = engine;
        this.results = results;
    }

    /// Appraisals by submod, without a policy and with it.
    public record Trial(Map<String, SubmodAppraisal> before, Map<String, SubmodAppraisal> after) {}

    /// The evidence of a stored result, and what it had to be fresh for.
    ///
    /// @throws dev.realmesh.attestation.result.ResultException.NotFound if there is no such result
    public AppraisalRequest evidenceOf(String resultId) {
        ResultStore.WithEvidence result = results.get(resultId);
        return new AppraisalRequest(result.evidence(), result.result().challenge());
    }

    /// Tries a stored policy, active or not.
    ///
    /// @throws dev.realmesh.policy.PolicyException if there is no such policy, or it cannot be applied
    public Trial ofStored(String policyId, AppraisalRequest evidence) {
        return of(policies.get(policyId).policy(), policyId, evidence);
    }

    /// Tries a policy that is not stored.
    ///
    /// @throws dev.realmesh.policy.PolicyException if it is none that could be applied, or nobody can say
    public Trial ofText(PolicyText policy, AppraisalRequest evidence) {
        return of(policy, NOT_STORED, evidence);
    }

    private Trial of(PolicyText policy, String policyId, AppraisalRequest evidence) {
        Findings findings = scheme.findings(evidence);
        try (CompiledPolicy compiled = engine.compile(policy)) {
            return new Trial(findings.submods(), AppraisalPolicies.apply(compiled, policyId, findings));
        }
    }
}
