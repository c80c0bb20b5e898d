// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.cca.eventlog;

/// Why a log of events cannot be read, or leads to no measurement.
public abstract sealed class EventLogException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private EventLogException(String message) {
        super(message);
    }

    /// The bytes are no log.
    public static final class Malformed extends EventLogException {
        private static final long serialVersionUID = 1L;

        Malformed(String what) {
            super("event log: " + what);
        }
    }

    /// The events are not those of a Realm that was built.
    public static final class Incomplete extends EventLogException {
        private static final long serialVersionUID = 1L;

        Incomplete(String what) {
            super("event log: " + what);
        }
    }

    /// An image was loaded that is none of the reference images.
    public static final class UnknownImage extends EventLogException {
        private static final long serialVersionUID = 1L;

        UnknownImage(String what) {
            super("event log: " + what + " (expected: one of the reference images)");
        }
    }
}
