// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.realm.secret;

import dev.realmesh.kbs.ResourcePath;

/// Why a released secret was not believed.
public abstract sealed class SecretException extends RuntimeException {
    private SecretException(String message, Throwable cause) {
        super(message, cause);
    }

    /// The answer does not come from the broker that initdata names, or answers another question: somebody stands
    /// between.
    public static final class NotFromBroker extends SecretException {
        NotFromBroker(ResourcePath path, Throwable cause) {
            super(
                    "answer for " + path + " is not from the key-broker that initdata names: " + cause.getMessage(),
                    cause);
        }
    }

    /// The broker vouched for the answer, but it does not open with this session's TEE key.
    public static final class NotSealedToRealm extends SecretException {
        NotSealedToRealm(ResourcePath path, Throwable cause) {
            super("answer for " + path + " does not open: " + cause.getMessage(), cause);
        }
    }
}
