// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.cca.ear;

import java.time.Instant;

/// Why a text is no attestation result to rely on.
public abstract sealed class EarException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private EarException(String message) {
        super(message);
    }

    /// Not a JWT of an EAR.
    public static final class Malformed extends EarException {
        private static final long serialVersionUID = 1L;

        public Malformed(String what) {
            super("EAR: " + what);
        }
    }

    /// Not signed by a key that is trusted.
    public static final class BadSignature extends EarException {
        private static final long serialVersionUID = 1L;

        public BadSignature() {
            super("EAR signature: by no trusted key (expected: a pinned signer's)");
        }
    }

    /// An EAT of another profile.
    public static final class WrongProfile extends EarException {
        private static final long serialVersionUID = 1L;

        public WrongProfile(String got) {
            super("eat_profile: " + got + " (expected: " + Ear.PROFILE + ")");
        }
    }

    /// A result for another session.
    public static final class WrongNonce extends EarException {
        private static final long serialVersionUID = 1L;

        public WrongNonce() {
            super("eat_nonce: another session's (expected: this session's)");
        }
    }

    /// Too old, or from the future.
    public static final class NotCurrent extends EarException {
        private static final long serialVersionUID = 1L;

        public NotCurrent(Instant issuedAt, Instant now) {
            super("iat: " + issuedAt + " (expected: shortly before " + now + ")");
        }
    }

    /// A submod is not there; so it is also when the evidence was refused as a whole.
    public static final class MissingSubmod extends EarException {
        private static final long serialVersionUID = 1L;

        public MissingSubmod(String name, String problem) {
            super("submod " + name + ": absent" + because(problem) + " (expected: affirming)");
        }
    }

    /// A submod's verdict is not the good one.
    public static final class NotAffirming extends EarException {
        private static final long serialVersionUID = 1L;

        /// @param problem what the verifier says is wrong; empty if it says nothing
        public NotAffirming(String name, TrustTier got, String problem) {
            super("submod " + name + ": " + got.earName() + because(problem) + " (expected: affirming)");
        }
    }

    private static String because(String problem) {
        return problem.isEmpty() ? "" : ", " + problem;
    }
}
