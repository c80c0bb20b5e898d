// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.kbs;

/// Input of the KBS protocol that is refused. Messages name the member and the rule, never a key, a secret or a token.
public abstract sealed class KbsException extends RuntimeException {
    private KbsException(String message) {
        super(message);
    }

    /// Not the shape that the protocol asks for, or over a limit.
    public static final class Malformed extends KbsException {
        /// @param what the message or member that is wrong
        /// @param problem what was found, and what was expected
        public Malformed(String what, String problem) {
            super(what + ": " + problem);
        }
    }

    /// A JWE that does not open with this TEE key: meant for another key, or altered.
    public static final class NotSealedToKey extends KbsException {
        public NotSealedToKey() {
            super("JWE: does not open (expected: sealed to this TEE key, unaltered)");
        }
    }

    /// A statement that is not the pinned broker's, or not about this answer.
    public static final class StatementRefused extends KbsException {
        /// @param problem what is wrong with it
        public StatementRefused(String problem) {
            super("release statement: " + problem);
        }
    }

    /// An audit log that was changed after it was written.
    public static final class ChainBroken extends KbsException {
        /// @param sequence the first entry that does not fit
        /// @param problem what is wrong with it
        public ChainBroken(long sequence, String problem) {
            super("audit log: entry " + sequence + ": " + problem + " (expected: an unbroken chain of hashes)");
        }
    }
}
