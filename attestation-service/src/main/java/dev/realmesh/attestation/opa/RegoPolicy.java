// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.attestation.opa;

import dev.realmesh.attestation.policy.CompiledPolicy;
import dev.realmesh.attestation.policy.Effect;
import dev.realmesh.attestation.policy.PolicyInput;
import dev.realmesh.policy.opa.Opa;
import dev.realmesh.policy.opa.RegoModule;
import java.util.List;

/// A policy in Rego that an OPA has.
final class RegoPolicy implements CompiledPolicy {
    private final Opa opa;
    private final String name;
    private final RegoModule module;

    RegoPolicy(Opa opa, String name, RegoModule module) {
        this.opa = opa;
        this.name = name;
        this.module = module;
    }

    @Override
    public List<Effect> effects(PolicyInput input) {
        return List.of(opa.outcome(module, input.document())
                .map(outcome -> RegoOutcome.effect(name, outcome, input.appraisal()))
                .orElseGet(() -> Effect.failed("policy " + name + ": cannot be evaluated on this evidence")));
    }

    @Override
    public void close() {
        opa.remove(module);
    }
}
