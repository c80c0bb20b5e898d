// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.kbs.message;

import dev.realmesh.kbs.KbsException;

/// What a guest shows to a broker: its evidence (background-check model, RFC 9334, section 5.2), or what a verifier
/// already found in it (passport model, section 5.1).
public sealed interface Proof {
    /// Largest proof of either kind, in bytes.
    int MAX_BYTES = 64 << 10;

    /// A CCA token that nobody appraised yet.
    final class Evidence implements Proof {
        private final byte[] token;

        /// @param token the token, 1 byte to 64 KiB
        /// @throws KbsException.Malformed if it is empty or larger
        public Evidence(byte[] token) {
            requireSize("evidence", token.length);
            this.token = token.clone();
        }

        /// The token.
        public byte[] toBytes() {
            return token.clone();
        }
    }

    /// An Attestation Result of a verifier, bound to the session's nonce and TEE key as evidence is.
    ///
    /// @param ear the EAR in Veraison's form, a JWT of at most 64 KiB
    record Result(String ear) implements Proof {
        /// @throws KbsException.Malformed if it is empty or larger
        public Result {
            requireSize("ear", ear.length());
        }
    }

    private static void requireSize(String what, int size) {
        if (size == 0 || size > MAX_BYTES) {
            throw new KbsException.Malformed(what, size + " bytes (expected: 1 to " + MAX_BYTES + ")");
        }
    }
}
