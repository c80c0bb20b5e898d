// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.kbs.sealed;

/// Why a sealed secret was not opened. Messages name the rule and the resource, never the text, a key or a secret.
public abstract sealed class SealedSecretException extends RuntimeException {
    private SealedSecretException(String message) {
        super("sealed secret: " + message);
    }

    /// Not of this form, or over a limit.
    public static final class Malformed extends SealedSecretException {
        Malformed(String message) {
            super(message);
        }
    }

    /// Not signed by the key that it names, or in a way that does not count.
    public static final class NotSigned extends SealedSecretException {
        NotSigned(String message) {
            super(message);
        }
    }

    /// Of another version, or kept by a provider that is not served.
    public static final class Unsupported extends SealedSecretException {
        Unsupported(String message) {
            super(message);
        }
    }

    /// An envelope that the key does not open.
    public static final class DoesNotOpen extends SealedSecretException {
        DoesNotOpen(String message) {
            super(message);
        }
    }
}
