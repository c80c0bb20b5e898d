// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.remote;

import java.net.URI;

/// Why a service gave no answer that can be used.
public abstract sealed class RemoteException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private RemoteException(String message) {
        super(message);
    }

    /// It is not there, or too slow, or in trouble; another time it may answer.
    public static final class Unreachable extends RemoteException {
        private static final long serialVersionUID = 1L;

        public Unreachable(URI uri, String why) {
            super(uri + ": " + why);
        }

        Unreachable(URI uri, Exception cause) {
            super(uri + ": " + (cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage()));
            initCause(cause);
        }
    }

    /// It refuses what it should take.
    public static final class Refused extends RemoteException {
        private static final long serialVersionUID = 1L;

        public Refused(URI uri, int status, String detail) {
            super(uri + ": " + status + (detail.isEmpty() ? "" : ", " + detail));
        }
    }

    /// It answers what no such service would.
    public static final class NotTrusted extends RemoteException {
        private static final long serialVersionUID = 1L;

        public NotTrusted(URI uri, String what) {
            super(uri + ": " + what);
        }
    }
}
