// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.realm.tunnel;

/// A tunnel is not opened.
public abstract sealed class TunnelException extends RuntimeException {
    private TunnelException(String message, Throwable cause) {
        super(message, cause);
    }

    /// The host's operator does not let Realms go there.
    public static final class Forbidden extends TunnelException {
        public Forbidden(String message, Throwable cause) {
            super(message, cause);
        }
    }

    /// It does not work now.
    public static final class Unavailable extends TunnelException {
        public Unavailable(String message, Throwable cause) {
            super(message, cause);
        }
    }
}
