// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.attestation.session;

import java.util.UUID;

/// Why a session cannot be had or used.
public abstract sealed class SessionException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private SessionException(String message) {
        super(message);
    }

    /// There is none of that name, or none any more.
    public static final class NotFound extends SessionException {
        private static final long serialVersionUID = 1L;

        public NotFound(UUID id) {
            super("session " + id + ": not found (expected: one that is not over)");
        }
    }

    /// There are as many as there may be.
    public static final class TooMany extends SessionException {
        private static final long serialVersionUID = 1L;

        public TooMany(int most) {
            super("sessions: " + most + " open (expected: fewer, try again)");
        }
    }

    /// It has its evidence, which is being appraised or was.
    public static final class Used extends SessionException {
        private static final long serialVersionUID = 1L;

        public Used(UUID id) {
            super("session " + id + ": has its evidence (expected: a new session for more)");
        }
    }
}
