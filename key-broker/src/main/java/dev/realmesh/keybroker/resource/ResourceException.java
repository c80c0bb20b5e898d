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

        /// Refuses a secret of no or too many bytes.
        public static void check(SecretBytes secret) {
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

    /// The secrets are not under a master key.
    public static final class NoMasterKey extends ResourceException {
        public NoMasterKey() {
            super("master key: none (expected: to rotate the keys of the Vault that keeps the secrets)");
        }
    }

    /// The place of the secrets keeps no versions of them.
    public static final class NoVersions extends ResourceException {
        public NoVersions() {
            super("versions: not kept by Vault's KV version 1 (expected: KV version 2, or secrets in the database)");
        }
    }

    /// Vault is away, or does not let the broker in. It is not the caller's fault.
    public static final class VaultAway extends ResourceException {
        /// @param problem what it does; nothing secret
        public VaultAway(String problem) {
            super("Vault: " + problem + " (expected: a Vault that is unsealed, and a token that may)");
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
