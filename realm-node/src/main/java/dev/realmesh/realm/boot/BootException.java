// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.realm.boot;

/// Why a Realm does not serve: it would be another Realm than its owner's.
abstract sealed class BootException extends RuntimeException {
    private BootException(String message) {
        super(message);
    }

    private BootException(String message, Throwable cause) {
        super(message, cause);
    }

    /// The host started the Realm in a wrong way.
    static final class BadEnvironment extends BootException {
        BadEnvironment(String message) {
            super(message);
        }

        BadEnvironment(String message, Throwable cause) {
            super(message, cause);
        }
    }

    /// The initdata that the host delivered is not the one that this Realm was created with.
    static final class InitdataNotBound extends BootException {
        InitdataNotBound(String digest, String personalizationValue) {
            super("initdata: digest " + digest + " (expected: the Realm Personalization Value, " + personalizationValue
                    + ")");
        }
    }
}
