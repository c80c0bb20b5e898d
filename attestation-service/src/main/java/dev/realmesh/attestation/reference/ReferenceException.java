// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.attestation.reference;

/// Why reference values were not stored; then none of the message is.
public abstract sealed class ReferenceException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private ReferenceException(String message) {
        super(message);
    }

    /// Not a message of version 0.1.0, or over a limit.
    public static final class Malformed extends ReferenceException {
        private static final long serialVersionUID = 1L;

        public Malformed(String what) {
            super(what);
        }
    }

    /// A kind of message that is not taken.
    public static final class UnsupportedType extends ReferenceException {
        private static final long serialVersionUID = 1L;

        public UnsupportedType() {
            super("type: another (expected: sample or corim)");
        }
    }

    /// There are as many values as there may be.
    public static final class TooMany extends ReferenceException {
        private static final long serialVersionUID = 1L;

        public TooMany(int limit) {
            super("reference values: too many (expected: at most " + limit + " ids, these included)");
        }
    }
}
