// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.keybroker.rcar;

/// Why a handshake does not go on. A verdict on the evidence ([NotBound], [NotAffirming], [InitdataNotBound]) and a
/// fault of
/// the verifier ([VerifierUnavailable], [VerifierTimedOut], [VerifierFailed], [NotTrusted]) are different cases. No
/// message holds a claim
/// value,
/// a key or a session's name.
public abstract sealed class RcarException extends RuntimeException {
    private RcarException(String message) {
        super(message);
    }

    /// A protocol version or TEE that this broker does not speak to.
    public static final class Unsupported extends RcarException {
        /// @param what `version` or `tee`
        /// @param expected what it must be
        public Unsupported(String what, String expected) {
            super(what + ": another one (expected: " + expected + ")");
        }
    }

    /// As many sessions are open as the broker allows.
    public static final class TooManySessions extends RcarException {
        /// @param limit how many may be open
        public TooManySessions(int limit) {
            super("sessions: " + limit + " are open (expected: fewer; try again later)");
        }
    }

    /// No session has this name; or it had one and ended.
    public static final class NoSession extends RcarException {
        public NoSession() {
            super("session: unknown or expired (expected: one that RequestChallenge opened)");
        }
    }

    /// Evidence came for this challenge before.
    public static final class ChallengeUsed extends RcarException {
        public ChallengeUsed() {
            super("session: its challenge was used (expected: one attestation for each challenge)");
        }
    }

    /// The session did not attest.
    public static final class NotAttested extends RcarException {
        public NotAttested() {
            super("session: not attested (expected: Attest first)");
        }
    }

    /// Evidence or an attached document is over a limit or of no known shape.
    public static final class NotEvidence extends RcarException {
        /// @param problem what is wrong
        public NotEvidence(String problem) {
            super("evidence: " + problem);
        }
    }

    /// The appraisal is of another session's evidence.
    public static final class NotBound extends RcarException {
        public NotBound() {
            super("evidence: not bound to this session (expected: its nonce and TEE key)");
        }
    }

    /// The initdata that came along is not what the Realm was launched with.
    public static final class InitdataNotBound extends RcarException {
        public InitdataNotBound() {
            super("initdata: another digest than the Realm's personalization value (expected: equal)");
        }
    }

    /// The verifier does not affirm platform and Realm.
    public static final class NotAffirming extends RcarException {
        /// @param problem what the appraisal says
        public NotAffirming(String problem) {
            super("appraisal: " + problem);
        }
    }

    /// The appraisal is not one of a verifier that this broker relies on.
    public static final class NotTrusted extends RcarException {
        /// @param problem what is wrong with it
        public NotTrusted(String problem) {
            super("appraisal: " + problem);
        }
    }

    /// No verifier was reached: nobody saw the evidence.
    public static final class VerifierUnavailable extends RcarException {
        public VerifierUnavailable() {
            super("verifier: nobody answers (expected: attestation-service)");
        }
    }

    /// The verifier gave no answer in time; whether it saw the evidence is not known.
    public static final class VerifierTimedOut extends RcarException {
        public VerifierTimedOut() {
            super("verifier: no answer in time (expected: attestation-service's)");
        }
    }

    /// The verifier failed.
    public static final class VerifierFailed extends RcarException {
        /// @param problem how the call failed
        public VerifierFailed(String problem) {
            super("verifier: failed, " + problem + " (expected: an appraisal)");
        }
    }
}
