// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.host.firmware.image;

/// The platform cannot boot, or not be endorsed.
public abstract sealed class FirmwareException extends RuntimeException {
    private FirmwareException(String message, Throwable cause) {
        super(message, cause);
    }

    private FirmwareException(String message) {
        super(message);
    }

    /// The folder that keeps the platform's identity is unusable.
    public static final class BadState extends FirmwareException {
        /// State at `where` is `what`.
        public BadState(Object where, String what, Throwable cause) {
            super("platform state " + where + ": " + what + " (expected: a folder that only this user reads)", cause);
        }
    }

    /// A component's code cannot be read.
    public static final class Unmeasurable extends FirmwareException {
        Unmeasurable(String what, Throwable cause) {
            super("measuring " + what + ": unreadable (expected: classes in a folder or jar)", cause);
        }

        Unmeasurable(String what) {
            super("measuring " + what + ": no classes (expected: at least one)");
        }
    }
}
