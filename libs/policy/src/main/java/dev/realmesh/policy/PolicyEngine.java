// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.policy;

/// What makes policies ready to be asked.
///
/// @param <P> how they are asked
@FunctionalInterface
public interface PolicyEngine<P extends ReadyPolicy> {
    /// Parses and type-checks a policy. May block.
    ///
    /// @throws PolicyException.Invalid if it is none; the message says where
    /// @throws PolicyException.Unavailable if nobody is there who could say
    /// @throws PolicyException.NoEngine if policies of its language are not for this service
    P compile(PolicyText policy);

    /// An engine a language.
    static <P extends ReadyPolicy> PolicyEngine<P> of(PolicyEngine<P> cel, PolicyEngine<P> rego) {
        return policy -> switch (policy.language()) {
            case CEL -> cel.compile(policy);
            case REGO -> rego.compile(policy);
        };
    }

    /// The engine for Rego where no OPA is configured: it takes none.
    ///
    /// @param key of the configuration that names one, such as `attestation-service.opa.url`
    static <P extends ReadyPolicy> PolicyEngine<P> withoutOpa(String key) {
        return policy -> {
            throw new PolicyException.NoEngine(key);
        };
    }
}
