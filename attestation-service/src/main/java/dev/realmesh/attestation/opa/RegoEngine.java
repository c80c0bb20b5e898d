// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.attestation.opa;

import dev.realmesh.attestation.policy.CompiledPolicy;
import dev.realmesh.policy.PolicyEngine;
import dev.realmesh.policy.PolicyText;
import dev.realmesh.policy.opa.Opa;
import dev.realmesh.policy.opa.RegoFrame;

/// Appraisal policies in Rego, by an OPA.
public final class RegoEngine implements PolicyEngine<CompiledPolicy> {
    /// The names that Veraison gives its policies, and the document of all that they set.
    public static final RegoFrame FRAME = RegoFrame.of("attestation", RegoEngine.class, "preamble.rego");

    private final Opa opa;

    /// @param opa a client with [#FRAME]
    public RegoEngine(Opa opa) {
        this.opa = opa;
    }

    @Override
    public CompiledPolicy compile(PolicyText policy) {
        return new RegoPolicy(opa, policy.name(), opa.put(policy));
    }
}
