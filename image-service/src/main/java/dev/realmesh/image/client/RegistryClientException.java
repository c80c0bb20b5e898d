// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.image.client;

import java.net.ConnectException;
import java.net.URI;

/// Another registry did not do what it was asked for. Content that is not what it should be is
/// [dev.realmesh.oci.OciException] instead.
public abstract sealed class RegistryClientException extends RuntimeException {
    private RegistryClientException(String message) {
        super(message);
    }

    private RegistryClientException(String message, Throwable cause) {
        super(message, cause);
    }

    /// It has no such manifest or blob.
    public static final class NotFound extends RegistryClientException {
        public NotFound(URI uri) {
            super("registry: " + uri + " is not there");
        }
    }

    /// It wants a login, or forbids it.
    public static final class Denied extends RegistryClientException {
        public Denied(URI uri, int status) {
            super("registry: " + uri + " answers " + status + " (expected: anonymous access)");
        }
    }

    /// It is not reached, or does not work.
    public static final class Unavailable extends RegistryClientException {
        public Unavailable(URI uri, Throwable cause) {
            super("registry: " + uri + " is not reached, " + reason(cause) + " (expected: a registry)", cause);
        }

        public Unavailable(URI uri, int status) {
            super("registry: " + uri + " answers " + status);
        }
    }

    private static String reason(Throwable cause) {
        return cause instanceof ConnectException ? "nobody answers there" : cause.toString();
    }

    /// Its answer is not one of the distribution API.
    public static final class BadAnswer extends RegistryClientException {
        public BadAnswer(URI uri, String why) {
            super("registry: " + uri + " answers out of protocol, " + why);
        }
    }
}
