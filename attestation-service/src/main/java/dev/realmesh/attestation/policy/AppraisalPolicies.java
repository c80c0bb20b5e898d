// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.attestation.policy;

import dev.realmesh.cca.Bytes;
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

    /// The one that was in force last; nothing true is in here alone.
    private final AtomicReference<Optional<Compiled>> latest = new AtomicReference<>(Optional.empty());

    private record Compiled(UUID id, CelPolicy policy) {}

    public AppraisalPolicies(PolicyStore store) {
        this.store = store;
    }

    @Override
    public Map<String, SubmodAppraisal> apply(Bytes nonce, Map<String, SubmodAppraisal> submods) {
        return store.active()
                .map(this::compiled)
                .map(each -> apply(each.policy(), each.id().toString(), nonce, submods))
                .orElse(submods);
    }

    /// The appraisals with the effects of a policy, in force or not.
    ///
    /// @param id what the results name it by
    public static Map<String, SubmodAppraisal> apply(
            CelPolicy policy, String id, Bytes nonce, Map<String, SubmodAppraisal> submods) {
        if (submods.containsKey(Ear.REFUSED)) {
            return submods;
        }
        Map<String, SubmodAppraisal> applied = new TreeMap<>();
        submods.forEach((submod, appraisal) -> {
            SubmodAppraisal lowered = appraisal;
            for (Effect effect : policy.effects(new PolicyInput(nonce, submods, submod))) {
                lowered = effect.on(lowered);
            }
            applied.put(submod, named(lowered, appraisal.policyId() + "/" + id));
        });
        return applied;
    }

    private Compiled compiled(StoredPolicy stored) {
        Optional<Compiled> last = latest.get().filter(each -> each.id().equals(stored.id()));
        Compiled compiled = last.orElseGet(() -> new Compiled(stored.id(), CelPolicy.compile(stored.document())));
        latest.set(Optional.of(compiled));
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
