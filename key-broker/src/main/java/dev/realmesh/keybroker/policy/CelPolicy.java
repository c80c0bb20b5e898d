// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.keybroker.policy;

import dev.realmesh.policy.PolicyText;
import dev.realmesh.policy.cel.CelCondition;
import dev.realmesh.policy.cel.CelConditions;
import dev.realmesh.policy.cel.CelConditions.Variable;
import dev.realmesh.policy.cel.CelFailure;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A policy in CEL: one expression over `input` and `data`, true if the secret may be released.
final class CelPolicy implements ResourcePolicy {
    private static final Logger LOG = LoggerFactory.getLogger(CelPolicy.class);
    private static final int MAX_CHARACTERS = 10_000;
    private static final CelConditions CONDITIONS =
            CelConditions.over(Map.of("input", Variable.OBJECT, "data", Variable.OBJECT), MAX_CHARACTERS);

    private final CelCondition condition;

    private CelPolicy(CelCondition condition) {
        this.condition = condition;
    }

    /// Parses and type-checks a policy.
    ///
    /// @throws dev.realmesh.policy.PolicyException.Invalid if it is none; the message says where
    static CelPolicy compile(PolicyText policy) {
        return new CelPolicy(CONDITIONS.compile("policy", policy.text()));
    }

    @Override
    public Optional<String> refusal(PolicyQuestion question) {
        try {
            return condition.holds(question.document()) ? Optional.empty() : Optional.of("is false");
        } catch (CelFailure e) {
            LOG.warn("policy not evaluated: {}", e.getMessage());
            return Optional.of("cannot be evaluated on this result");
        }
    }
}
