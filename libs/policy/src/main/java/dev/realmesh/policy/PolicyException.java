// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.policy;

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
            this("policy '" + id + "'", "none of this id (expected: the id of a stored policy)");
        }

        private NotFound(String what, String problem) {
            super(what + ": " + problem);
        }

        /// That there is no version to go back to.
        public static NotFound anEarlierOne() {
            return new NotFound(
                    "policy in force", "no such version before it (expected: an earlier one of the same name)");
        }
    }

    /// Nothing here evaluates policies of that language.
    public static final class NoEngine extends PolicyException {
        private static final long serialVersionUID = 1L;

        /// @param key of the configuration that names one, such as `attestation-service.opa.url`
        public NoEngine(String key) {
            super("policy in Rego: no OPA is configured (expected: " + key + ", such as"
                    + " http://127.0.0.1:8181, of an `opa run --server --v0-compatible`)");
        }
    }

    /// What evaluates policies is not there now; another time it may be.
    public static final class Unavailable extends PolicyException {
        private static final long serialVersionUID = 1L;

        public Unavailable(String what, Throwable cause) {
            super(what);
            initCause(cause);
        }
    }
}
