// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.cca.cose;

/// Why bytes are not the CBOR or COSE that was asked for.
public abstract sealed class CborException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private CborException(String message) {
        super(message);
    }

    /// The bytes are not one well-formed item of the accepted subset.
    public static final class Malformed extends CborException {
        private static final long serialVersionUID = 1L;

        private final int offset;

        /// @param offset where, in bytes from the start of the item
        public Malformed(int offset, String what) {
            super("offset " + offset + ": " + what);
            this.offset = offset;
        }

        /// Where, in bytes from the start of the item.
        public int offset() {
            return offset;
        }
    }

    /// The item is larger, deeper or richer than the decoder's limits.
    public static final class OverLimit extends CborException {
        private static final long serialVersionUID = 1L;

        private final int offset;

        /// @param offset where, in bytes from the start of the item
        public OverLimit(int offset, String what) {
            super("offset " + offset + ": " + what);
            this.offset = offset;
        }

        /// Where, in bytes from the start of the item.
        public int offset() {
            return offset;
        }
    }

    /// Well-formed, but not the type or value that this place asks for.
    public static final class Unexpected extends CborException {
        private static final long serialVersionUID = 1L;

        public Unexpected(String what, String got, String expected) {
            super(what + ": " + got + " (expected: " + expected + ")");
        }
    }
}
