// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.keybroker.resource;

import dev.realmesh.kbs.SecretBytes;

/// Why a secret cannot be stored or read.
public abstract sealed class ResourceException extends RuntimeException {
    private ResourceException(String message) {
        super(message);
    }

    /// A secret of no or too many bytes.
    public static final class WrongSize extends ResourceException {
        /// @param bytes its length
        public WrongSize(int bytes) {
            super("secret: " + bytes + " bytes (expected: 1 to " + ResourceRepository.MAX_SECRET_BYTES + ")");
        }

        static void check(SecretBytes secret) {
            if (secret.length() == 0 || secret.length() > ResourceRepository.MAX_SECRET_BYTES) {
                throw new WrongSize(secret.length());
            }
        }
    }

    /// The master key is not the broker's own to replace.
    public static final class SharedMasterKey extends ResourceException {
        public SharedMasterKey() {
            super("master key: of master-key-file (expected: a new key there, as its description says)");
        }
    }

    /// What is stored does not open: it was altered, moved from another path, or wrapped by another master key.
    public static final class Unreadable extends ResourceException {
        /// @param what the thing that does not open
        public Unreadable(String what) {
            super(what + ": does not open (expected: as it was stored, under this master key)");
        }
    }
}
