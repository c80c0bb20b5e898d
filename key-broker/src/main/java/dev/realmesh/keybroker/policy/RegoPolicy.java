// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.keybroker.policy;

import dev.realmesh.policy.PolicyEngine;
import dev.realmesh.policy.PolicyException;
import dev.realmesh.policy.PolicyText;
import dev.realmesh.policy.opa.Opa;
import dev.realmesh.policy.opa.RegoFrame;
import dev.realmesh.policy.opa.RegoModule;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/// A policy in Rego that an OPA has: what its rule `allow` says. Only `true` is a yes.
final class RegoPolicy implements ResourcePolicy {
    /// Gives policies the document that a Trustee KBS gives them.
    static final RegoFrame FRAME = RegoFrame.of("keybroker", RegoPolicy.class, "frame.rego");

    private static final String WITHOUT_ALLOW = "var allow is unsafe";

    private final Opa opa;
    private final RegoModule module;

    private RegoPolicy(Opa opa, RegoModule module) {
        this.opa = opa;
        this.module = module;
    }

    /// What makes them ready, by an OPA with [#FRAME].
    static PolicyEngine<ResourcePolicy> engine(Opa opa) {
        return policy -> new RegoPolicy(opa, put(opa, policy));
    }

    @Override
    public Optional<String> refusal(PolicyQuestion question) {
        Optional<JsonNode> outcome = opa.outcome(module, question.document());
        if (outcome.isEmpty()) {
            return Optional.of("cannot be evaluated on this result");
        }
        JsonNode allow = outcome.get().path("allow").path(0);
        if (allow.isMissingNode()) {
            return Optional.of("allow is undefined");
        }
        if (!allow.isBoolean()) {
            return Optional.of("allow is no boolean");
        }
        return allow.booleanValue() ? Optional.empty() : Optional.of("allow is false");
    }

    @Override
    public void close() {
        opa.remove(module);
    }

    private static RegoModule put(Opa opa, PolicyText policy) {
        try {
            return opa.put(policy);
        } catch (PolicyException.Invalid e) {
            if (String.valueOf(e.getMessage()).contains(WITHOUT_ALLOW)) {
                throw new PolicyException.Invalid("policy: no rule allow (expected: allow, true or false)");
            }
            throw e;
        }
    }
}
