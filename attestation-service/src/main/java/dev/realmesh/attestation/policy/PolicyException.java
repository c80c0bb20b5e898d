// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.attestation.policy;

/// Why a policy was not stored, found or applied.
public abstract sealed class PolicyException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private PolicyException(String message) {
        super(message);
    }

    /// No policy that could be applied.
    public static final class Invalid extends PolicyException {
        private static final long serialVersionUID = 1L;

        public Invalid(String what) {
            super(what);
        }
    }

    /// There is no such policy.
    public static final class NotFound extends PolicyException {
        private static final long serialVersionUID = 1L;

        public NotFound(String id) {
            super("policy '" + id + "': none of this id (expected: the id of a stored policy)");
        }
    }
}
