// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.remote;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/// How a service is got at.
///
/// @param certificates file with the certificates, PEM, that its TLS must lead up to; absent: those that Java trusts
/// @param authorization what its requests show; absent: nothing
/// @param timeout how long one answer may take, 100 ms to 5 min
public record RemoteAccess(Optional<Path> certificates, Optional<Authorization> authorization, Duration timeout) {
    /// What the `Authorization` header is made of. The file is read for each request, so that it may be renewed.
    ///
    /// @param prefix what the value begins with, such as `Bearer `; may be empty
    /// @param file with the rest of it
    public record Authorization(String prefix, Path file) {}

    public RemoteAccess {
        requireTimeout(timeout);
    }

    /// Checks a configured timeout.
    public static void requireTimeout(Duration timeout) {
        if (timeout.compareTo(Duration.ofMillis(100)) < 0 || timeout.compareTo(Duration.ofMinutes(5)) > 0) {
            throw new IllegalArgumentException("timeout: " + timeout + " (expected: 100ms-5m)");
        }
    }

    /// Checks that a base URL is one of HTTP.
    ///
    /// @param key of the configuration
    public static void requireUrl(String key, URI url) {
        if (url.getHost() == null || !("http".equals(url.getScheme()) || "https".equals(url.getScheme()))) {
            throw new IllegalArgumentException(
                    "%s: '%s' (expected: http://HOST[:PORT] or https://HOST[:PORT])".formatted(key, url));
        }
    }
}
