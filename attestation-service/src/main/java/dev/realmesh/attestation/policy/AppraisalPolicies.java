// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.attestation.policy;

import dev.realmesh.cca.ear.Ear;
import dev.realmesh.cca.ear.SubmodAppraisal;
import dev.realmesh.policy.PolicyEngine;
import dev.realmesh.policy.PolicyInForce;
import dev.realmesh.policy.PolicyStore;
import java.util.Map;
import java.util.TreeMap;

/// Applies the policy in force to what the scheme found. Evidence that was refused as a whole stays as it is.
public final class AppraisalPolicies implements AppraisalPolicy {
    private final PolicyInForce<CompiledPolicy> inForce;

    public AppraisalPolicies(PolicyStore store, PolicyEngine<CompiledPolicy> engine) {
        this.inForce = new PolicyInForce<>(store, PolicyScheme.ARM_CCA.name(), engine);
    }

    @Override
    public Map<String, SubmodAppraisal> apply(Findings findings) {
        if (areRefusal(findings)) {
            return findings.submods();
        }
        return inForce.get()
                .map(each -> apply(each.policy(), each.stored().id().toString(), findings))
                .orElse(findings.submods());
    }

    /// The appraisals with the effects of a policy, in force or not.
    ///
    /// @param id what the results name it by
    public static Map<String, SubmodAppraisal> apply(CompiledPolicy policy, String id, Findings findings) {
        if (areRefusal(findings)) {
            return findings.submods();
        }
        Map<String, SubmodAppraisal> applied = new TreeMap<>();
        findings.submods().forEach((submod, appraisal) -> {
            SubmodAppraisal lowered = appraisal;
            for (Effect effect : policy.effects(new PolicyInput(findings, submod))) {
                lowered = effect.on(lowered);
            }
            applied.put(submod, named(lowered, appraisal.policyId() + "/" + id));
        });
        return applied;
    }

    private static boolean areRefusal(Findings findings) {
        return findings.submods().containsKey(Ear.REFUSED);
    }

    private static SubmodAppraisal named(SubmodAppraisal appraisal, String policyId) {
        return new SubmodAppraisal(
                appraisal.status(),
                appraisal.vector(),
                policyId,
                appraisal.policyClaims(),
                appraisal.annotatedEvidence());
    }
}
