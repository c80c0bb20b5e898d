// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.keybroker.verifier;

/// Why the verifier did not do what an administrator asked for.
public abstract sealed class VerifierException extends RuntimeException {
    private VerifierException(String message) {
        super(message);
    }

    /// It refuses.
    public static final class Refused extends VerifierException {
        /// @param why in its own words
        public Refused(String why) {
            super(why);
        }
    }

    /// It is not there, or slow, or in trouble; another time it may do it.
    public static final class Unavailable extends VerifierException {
        public Unavailable() {
            super("attestation-service: does not answer (expected: later)");
        }
    }

    /// This broker may not change anything there.
    public static final class NotAllowed extends VerifierException {
        /// @param what is wrong with the token that it should show
        public NotAllowed(String what) {
            super("verifier-admin-token-file: " + what + " (expected: a file with attestation-service's admin token)");
        }
    }
}
