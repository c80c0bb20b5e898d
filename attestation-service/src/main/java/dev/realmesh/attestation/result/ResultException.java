// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.attestation.result;

/// Why results are not given.
public abstract sealed class ResultException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private ResultException(String message) {
        super(message);
    }

    /// There is no such result.
    public static final class NotFound extends ResultException {
        private static final long serialVersionUID = 1L;

        public NotFound() {
            super("result: none of this id (expected: the id of a stored result)");
        }
    }

    /// A condition or page that cannot be.
    public static final class BadRequest extends ResultException {
        private static final long serialVersionUID = 1L;

        public BadRequest(String what) {
            super(what);
        }
    }

    /// As many watch as may.
    public static final class TooManyWatchers extends ResultException {
        private static final long serialVersionUID = 1L;

        public TooManyWatchers(int most) {
            super("watchers: " + most + " already (expected: fewer)");
        }
    }
}
