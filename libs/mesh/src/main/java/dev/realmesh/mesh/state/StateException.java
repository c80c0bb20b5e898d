// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.mesh.state;

import java.nio.file.Path;

/// Why the state folder cannot be used.
public abstract sealed class StateException extends RuntimeException {
    private StateException(String message) {
        super(message);
    }

    /// A file that others may read or write.
    public static final class Exposed extends StateException {
        /// @param file the file
        /// @param mode its permissions, as in `rw-r--r--`
        public Exposed(Path file, String mode) {
            super(file + ": " + mode + " (expected: rw-------; chmod 600, and replace what others may have read)");
        }
    }

    /// A file of the wrong length or content.
    public static final class Damaged extends StateException {
        /// @param file the file
        /// @param problem what is wrong
        public Damaged(Path file, String problem) {
            super(file + ": " + problem);
        }
    }

    /// A file that cannot be read or written.
    public static final class Unusable extends StateException {
        /// @param file the file
        /// @param cause why
        public Unusable(Path file, Throwable cause) {
            super(file + ": cannot be read or written (expected: a folder of this user)");
            initCause(cause);
        }
    }
}
