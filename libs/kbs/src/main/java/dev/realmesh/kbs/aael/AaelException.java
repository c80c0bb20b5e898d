// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.kbs.aael;

/// Events and logs that are refused. Messages never repeat an event's content.
public abstract sealed class AaelException extends RuntimeException {
    private AaelException(String message) {
        super(message);
    }

    /// An event that no log can hold.
    public static final class BadEvent extends AaelException {
        public BadEvent(String message) {
            super(message);
        }
    }

    /// A log that is not of this form, or was changed after it was written.
    public static final class BadLog extends AaelException {
        /// @param entry the entry that is wrong, from 1
        /// @param problem what was found, and what was expected
        BadLog(int entry, String problem) {
            super("AAEL, entry " + entry + ": " + problem);
        }
    }
}
