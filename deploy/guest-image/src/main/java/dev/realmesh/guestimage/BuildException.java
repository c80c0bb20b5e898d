// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.guestimage;

/// Why there is no guest image: one line that says what is missing or failed, and what to do.
public final class BuildException extends RuntimeException {
    public BuildException(String message) {
        super(message);
    }

    public BuildException(String message, Throwable cause) {
        super(message, cause);
    }
}
