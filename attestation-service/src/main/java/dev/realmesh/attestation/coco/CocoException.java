// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.attestation.coco;

/// Why there is no token, or why a policy was not set.
public abstract sealed class CocoException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private CocoException(String message) {
        super(message);
    }

    /// A field is not what the API asks for, or over a limit.
    public static final class Malformed extends CocoException {
        private static final long serialVersionUID = 1L;

        public Malformed(String what) {
            super(what);
        }
    }

    /// A TEE, or a combination of them, that is not appraised here.
    public static final class UnsupportedTee extends CocoException {
        private static final long serialVersionUID = 1L;

        public UnsupportedTee(String what) {
            super(what);
        }
    }

    /// There is no such policy.
    public static final class UnknownPolicy extends CocoException {
        private static final long serialVersionUID = 1L;

        public UnknownPolicy() {
            super("policy_ids: the first is unknown (expected: " + AttestationPolicies.DEFAULT + ", or none)");
        }
    }

    /// Policies of this language are not evaluated.
    public static final class PolicyLanguage extends CocoException {
        private static final long serialVersionUID = 1L;

        public PolicyLanguage() {
            super("policy: in Rego, which is not evaluated here (expected: rules in CEL, by"
                    + " 'realmesh attestation policy put', then 'activate')");
        }
    }

    /// The evidence is not genuine, of an unknown platform, or bound to something else.
    public static final class EvidenceRefused extends CocoException {
        private static final long serialVersionUID = 1L;

        public EvidenceRefused(String why) {
            super("evidence: refused, " + why + " (expected: genuine, of a known platform, bound to this request)");
        }
    }
}
