// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.keybroker.keyprovider;

import dev.realmesh.kbs.ResourcePath;

/// Why a layer's key is not wrapped. No message holds one.
public abstract sealed class KeyProviderException extends RuntimeException {
    private KeyProviderException(String message) {
        super(message);
    }

    /// What is asked is not in the protocol.
    public static final class Malformed extends KeyProviderException {
        /// @param problem what is wrong, and what is expected
        public Malformed(String problem) {
            super(problem);
        }
    }

    /// What is asked is in the protocol, and not done here.
    public static final class Unsupported extends KeyProviderException {
        /// @param problem what it is, and what to do instead
        public Unsupported(String problem) {
            super(problem);
        }
    }

    /// The key is not the key provider's to use.
    public static final class NotItsKey extends KeyProviderException {
        /// @param prefix what paths of its keys begin with
        public NotItsKey(ResourcePath path, String prefix) {
            super("keyid: " + path + " (expected: a path that begins with " + prefix + ")");
        }
    }

    /// What is there is no key-encryption key.
    public static final class NoKey extends KeyProviderException {
        public NoKey(ResourcePath path) {
            super("keyid: " + path + " is there, and no AES-256 key (expected: 32 bytes, or a path that is free)");
        }
    }

    /// The key provider has made as many keys as it may.
    public static final class TooManyKeys extends KeyProviderException {
        public TooManyKeys(int limit) {
            super("keys: " + limit + " are there (expected: fewer, or the keyid of one; see key-provider.max-keys)");
        }
    }

    /// The key provider has wrapped as often as it may for now.
    public static final class TooOften extends KeyProviderException {
        public TooOften(int limit) {
            super("wraps: more than " + limit
                    + " in a minute (expected: again later; see key-provider.wraps-per-minute)");
        }
    }

    /// Wrapped keys are opened in Realms only.
    public static final class OnlyInRealms extends KeyProviderException {
        public OnlyInRealms() {
            super("UnWrapKey: not served (expected: a Realm that attested, which opens what was wrapped here)");
        }
    }
}
