// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.attestation.appraisal;

/// Why there is no attestation result. That evidence is bad is a result, and none of these.
public abstract sealed class AppraisalException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private AppraisalException(String message) {
        super(message);
    }

    /// What was submitted is not CCA evidence by its type or size, or the challenge is not one.
    public static final class NotEvidence extends AppraisalException {
        private static final long serialVersionUID = 1L;

        public NotEvidence(String what) {
            super(what);
        }
    }

    /// The verifier is not there now; another time it may be.
    public static final class Unavailable extends AppraisalException {
        private static final long serialVersionUID = 1L;

        public Unavailable(String what, Throwable cause) {
            super("verifier: " + what + " (expected: available)");
            initCause(cause);
        }
    }
}
