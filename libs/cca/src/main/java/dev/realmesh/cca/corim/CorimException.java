// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.cca.corim;

import dev.realmesh.cca.cose.CborException;

/// Why bytes are no CoRIM to use.
public abstract sealed class CorimException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private CorimException(String message) {
        super(message);
    }

    /// Not the CBOR or COSE shape of a CoRIM.
    public static final class Malformed extends CorimException {
        private static final long serialVersionUID = 1L;

        public Malformed(String part, CborException cause) {
            super(part + ": " + cause.getMessage());
            initCause(cause);
        }
    }

    /// A CoRIM that breaks a rule of its profile.
    public static final class Invalid extends CorimException {
        private static final long serialVersionUID = 1L;

        public Invalid(String what, String got, String expected) {
            super(what + ": " + got + " (expected: " + expected + ")");
        }
    }

    /// A signed CoRIM whose signer is not trusted, or whose signature does not hold.
    public static final class Untrusted extends CorimException {
        private static final long serialVersionUID = 1L;

        public Untrusted(String what) {
            super("signed CoRIM: " + what);
        }
    }
}
