// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.attestation.policy;

import dev.realmesh.cca.ear.Ear;
import dev.realmesh.cca.ear.SubmodAppraisal;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;

/// Applies the policy in force to what the scheme found. Evidence that was refused as a whole stays as it is.
public final class AppraisalPolicies implements AppraisalPolicy {
    private final PolicyStore store;
    private final PolicyEngine engine;

    /// The one that was in force last; nothing true is in here alone.
    private final AtomicReference<Optional<Compiled>> latest = new AtomicReference<>(Optional.empty());

    private record Compiled(UUID id, CompiledPolicy policy) {}

    public AppraisalPolicies(PolicyStore store, PolicyEngine engine) {
        this.store = store;
        this.engine = engine;
    }

    @Override
    public Map<String, SubmodAppraisal> apply(Findings findings) {
        if (areRefusal(findings)) {
            return findings.submods();
        }
        return store.active(PolicyScheme.ARM_CCA)
                .map(this::compiled)
                .map(each -> apply(each.policy(), each.id().toString(), findings))
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

    private Compiled compiled(StoredPolicy stored) {
        Optional<Compiled> last = latest.get();
        if (last.isPresent() && last.get().id().equals(stored.id())) {
            return last.get();
        }
        Compiled compiled = new Compiled(stored.id(), engine.compile(stored.policy()));
        latest.getAndSet(Optional.of(compiled))
                .filter(before -> !before.id().equals(stored.id()))
                .ifPresent(before -> before.policy().close());
        return compiled;
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
