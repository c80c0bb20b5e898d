// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.keybroker.release;

import dev.realmesh.kbs.ResourcePath;

/// Why a secret is not released.
public abstract sealed class ReleaseException extends RuntimeException {
    private ReleaseException(String message) {
        super(message);
    }

    /// The policy says no.
    public static final class Denied extends ReleaseException {
        /// @param reason what the policy misses
        public Denied(String reason) {
            super(reason);
        }
    }

    /// Nobody can say now what the policy says; another time they may.
    public static final class Undecided extends ReleaseException {
        public Undecided(Throwable cause) {
            super("policy: cannot be asked now (expected: later, see key-broker's log)");
            initCause(cause);
        }
    }

    /// There is no such secret. Only who may have it is told so.
    public static final class NotFound extends ReleaseException {
        public NotFound(ResourcePath path) {
            super("resource " + path + ": not there (expected: one that was put)");
        }
    }
}
