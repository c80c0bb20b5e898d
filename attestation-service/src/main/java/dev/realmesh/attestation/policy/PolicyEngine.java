// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.attestation.policy;

/// What makes policies ready to be asked.
@FunctionalInterface
public interface PolicyEngine {
    /// CEL alone, which needs nothing but this process.
    PolicyEngine CEL = policy -> switch (policy.language()) {
        case CEL -> CelPolicy.compile(policy.text());
        case REGO -> throw new PolicyException.NoEngine();
    };

    /// Parses and type-checks a policy. May block.
    ///
    /// @throws PolicyException.Invalid if it is none; the message says where
    /// @throws PolicyException.Unavailable if nobody is there who could say
    /// @throws PolicyException.NoEngine if policies of its language are not for this service
    CompiledPolicy compile(PolicyText policy);

    /// CEL, and another engine for Rego.
    static PolicyEngine withRego(PolicyEngine rego) {
        return policy -> policy.language() == PolicyLanguage.REGO ? rego.compile(policy) : CEL.compile(policy);
    }
}
