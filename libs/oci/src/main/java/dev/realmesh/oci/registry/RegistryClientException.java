// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.oci.registry;

import java.io.IOException;
import java.net.ConnectException;
import java.net.ProtocolException;
import java.net.URI;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import javax.net.ssl.SSLException;

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
            super("registry: " + place(uri) + " is not there");
        }
    }

    /// It wants a login, or another one, or forbids it.
    public static final class Denied extends RegistryClientException {
        /// Nobody was named to it.
        public Denied(URI uri, int status) {
            super("registry: " + place(uri) + " answers " + status
                    + " (expected: what anybody may have, or a login in an auth file)");
        }

        /// @param key entry of the auth file whose login it was
        public Denied(URI uri, int status, String key) {
            super("registry: " + place(uri) + " answers " + status + " to the auth file's login for " + key
                    + " (expected: a login that may do this)");
        }
    }

    /// A login would be sent where others can read it.
    public static final class LoginWithheld extends RegistryClientException {
        public LoginWithheld(URI uri) {
            super("registry: " + place(uri)
                    + " has no TLS (expected: https, for a login is sent in clear to loopback only)");
        }
    }

    /// The file with the logins cannot be used. The message tells nothing of its content but names.
    public static final class BadAuthFile extends RegistryClientException {
        /// @param place where it is
        public BadAuthFile(String place, String why) {
            super("auth file " + place + ": " + why);
        }
    }

    /// It is not reached, or does not work.
    public static final class Unavailable extends RegistryClientException {
        /// How `java.net.http` says that a proxy does not let it through, which it will not later either.
        private static final String FORBIDDEN_BY_PROXY = "Tunnel failed, got: 403";

        private final URI uri;
        private final boolean mayPass;
        private final Duration retryAfter;

        public Unavailable(URI uri, Throwable cause) {
            super("registry: " + place(uri) + " is not reached, " + reason(cause), cause);
            this.uri = uri;
            this.mayPass = mayPass(cause);
            this.retryAfter = Duration.ZERO;
        }

        public Unavailable(URI uri, int status) {
            this(uri, status, Duration.ZERO);
        }

        /// @param retryAfter when to come back; zero if it does not say
        public Unavailable(URI uri, int status, Duration retryAfter) {
            super("registry: " + place(uri) + " answers " + status
                    + (retryAfter.isZero() ? "" : ", come back after " + retryAfter.toSeconds() + " s"));
            this.uri = uri;
            this.mayPass = mayPass(status);
            this.retryAfter = retryAfter;
        }

        private Unavailable(String message, URI uri, IOException cause) {
            super(message, cause);
            this.uri = uri;
            this.mayPass = true;
            this.retryAfter = Duration.ZERO;
        }

        /// Content broke off, or stood still.
        static Unavailable brokeOff(URI uri, long offset, IOException cause) {
            return new Unavailable(
                    "registry: " + place(uri) + " breaks off after " + offset + " bytes, " + cause.getMessage(),
                    uri,
                    cause);
        }

        /// What was asked for.
        public URI uri() {
            return uri;
        }

        /// Whether it may be gone a moment later.
        boolean mayPass() {
            return mayPass;
        }

        Duration retryAfter() {
            return retryAfter;
        }

        static boolean mayPass(int status) {
            return switch (status) {
                case 429, 502, 503, 504 -> true;
                default -> false;
            };
        }

        private static boolean mayPass(Throwable cause) {
            return switch (cause) {
                case HttpConnectTimeoutException late -> true;
                case HttpTimeoutException late -> false;
                case SSLException untrusted -> false;
                case ProtocolException strange -> false;
                case IOException broken -> !FORBIDDEN_BY_PROXY.equals(broken.getMessage());
                default -> false;
            };
        }
    }

    /// Its answer is not one of the distribution API.
    public static final class BadAnswer extends RegistryClientException {
        public BadAnswer(URI uri, String why) {
            super("registry: " + place(uri) + " answers out of protocol, " + why);
        }
    }

    /// Without its query, which at other hosts is often a credential.
    private static String place(URI uri) {
        String port = uri.getPort() < 0 ? "" : ":" + uri.getPort();
        return uri.getScheme() + "://" + uri.getHost() + port + uri.getPath();
    }

    private static String reason(Throwable cause) {
        return switch (cause) {
            case ConnectException nobody -> "nobody answers there (expected: a registry)";
            case SSLException untrusted ->
                "TLS fails, " + root(untrusted).getMessage()
                        + " (expected: TLS, with a certificate that is trusted here)";
            default -> cause + " (expected: a registry)";
        };
    }

    private static Throwable root(Throwable failure) {
        Throwable root = failure;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return root;
    }
}
