// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.host.launch;

/// Why a workload was not run to its end. The message is one line for the person who asked for it.
public abstract sealed class LaunchException extends RuntimeException {
    private LaunchException(String message) {
        super(message);
    }

    /// Whether the agent itself gave this answer, so that nothing else can be the cause.
    boolean isOfTheAgent() {
        return this instanceof AgentFailed failed
                && failed.reason() != AgentFailed.Reason.GONE
                && failed.reason() != AgentFailed.Reason.UNAVAILABLE;
    }

    /// The request cannot be done by any host.
    public static final class BadRequest extends LaunchException {
        public BadRequest(String what) {
            super(what);
        }
    }

    /// This host has no memory left for the Realm, or runs as many as it may.
    public static final class NoRoom extends LaunchException {
        public NoRoom(String what) {
            super(what);
        }
    }

    /// The Realm could not be built.
    public static final class NotBuilt extends LaunchException {
        public NotBuilt(String what) {
            super(what);
        }
    }

    /// The Realm ended before its container did.
    public static final class RealmEnded extends LaunchException {
        public RealmEnded(String what) {
            super(what);
        }
    }

    /// Someone wished it to end.
    public static final class Cancelled extends LaunchException {
        public Cancelled(String what) {
            super(what);
        }
    }

    /// The agent in the Realm answered that it does not, or that it could not.
    public static final class AgentFailed extends LaunchException {
        private final Reason reason;

        public AgentFailed(Reason reason, String what) {
            super(what);
            this.reason = reason;
        }

        /// What kind of answer it was.
        public Reason reason() {
            return reason;
        }

        /// Kinds of answers.
        public enum Reason {
            /// A key or the image was refused, or is not what it should be.
            REFUSED,
            /// The request cannot be done by any agent.
            BAD_REQUEST,
            /// A service that the agent needs is not there.
            UNAVAILABLE,
            /// The image does not fit into the Realm, or on image-service's disk.
            NO_ROOM,
            /// The link to the agent ended.
            GONE,
            /// Anything else.
            FAILED
        }
    }

    /// There is no such Realm.
    public static final class NoSuchRealm extends LaunchException {
        public NoSuchRealm(RealmId id) {
            super("Realm " + id + ": not on this host");
        }
    }
}
