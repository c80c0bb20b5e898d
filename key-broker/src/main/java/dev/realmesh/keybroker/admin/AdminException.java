// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.keybroker.admin;

/// Why a call of an administrator is refused. No message holds a token.
public abstract sealed class AdminException extends RuntimeException {
    private AdminException(String message) {
        super(message);
    }

    /// Who calls is not known.
    public static final class Unauthenticated extends AdminException {
        /// @param problem what is wrong with what was shown
        public Unauthenticated(String problem) {
            super("authorization: " + problem);
        }
    }

    /// Who calls may not do this.
    public static final class Forbidden extends AdminException {
        /// @param role the caller's
        /// @param path what was asked for
        public Forbidden(String role, String path) {
            super("role " + role + ": not allowed for " + path + " (expected: a role whose pattern matches it)");
        }
    }
}
