// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.cca.token;

import dev.realmesh.cca.cose.CborException;

/// Why bytes are no CCA token.
public abstract sealed class TokenException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private TokenException(String message) {
        super(message);
    }

    /// Not the CBOR or COSE shape of a token; the cause has the offset.
    public static final class Malformed extends TokenException {
        private static final long serialVersionUID = 1L;

        /// @param part which part of the token, such as `platform token`
        public Malformed(String part, CborException cause) {
            super(part + ": " + cause.getMessage());
            initCause(cause);
        }
    }

    /// A claim is absent, or has a type, size or value that the profile forbids.
    public static final class BadClaim extends TokenException {
        private static final long serialVersionUID = 1L;

        private final int label;

        public BadClaim(int label, String what) {
            super("claim " + label + ": " + what);
            this.label = label;
        }

        /// The CBOR label of the claim.
        public int label() {
            return label;
        }
    }

    /// A profile that this library does not know.
    public static final class UnknownProfile extends TokenException {
        private static final long serialVersionUID = 1L;

        public UnknownProfile(String got, String expected) {
            super("profile: \"" + got + "\" (expected: " + expected + ")");
        }
    }
}
