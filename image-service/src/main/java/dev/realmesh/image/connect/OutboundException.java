// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.image.connect;

import java.io.IOException;

/// A connection outwards is not made, or has broken off.
public abstract sealed class OutboundException extends RuntimeException {
    private OutboundException(String message) {
        super("connect: " + message);
    }

    private OutboundException(String message, Throwable cause) {
        super("connect: " + message, cause);
    }

    /// The target is none.
    public static final class BadTarget extends OutboundException {
        public BadTarget(String message) {
            super(message);
        }
    }

    /// The operator does not let Realms go there.
    public static final class NotAllowed extends OutboundException {
        NotAllowed(HostAndPort target) {
            super(target + " (expected: a host that image-service's connect-hosts names)");
        }

        /// Whatever the name, it leads into the operator's own network.
        static NotAllowed inside(HostAndPort target) {
            return new NotAllowed(
                    target, "is an address of a private network (expected: connect-hosts names it exactly)");
        }

        private NotAllowed(HostAndPort target, String why) {
            super(target + " " + why);
        }
    }

    /// There are too many connections.
    public static final class TooMany extends OutboundException {
        TooMany(String whose, int limit) {
            super("too many connections of " + whose + " (expected: at most " + limit + " at a time)");
        }
    }

    /// The host is not reached.
    public static final class Unreachable extends OutboundException {
        Unreachable(HostAndPort target, IOException cause) {
            super(target + " is not reached, " + cause, cause);
        }
    }
}
