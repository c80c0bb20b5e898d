// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.attestation.rest;

import dev.realmesh.cca.Bytes;
import dev.realmesh.mesh.config.Default;
import dev.realmesh.mesh.edge.EdgeConfig;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

/// Where Veraison's REST API is served, and what it may take; section `attestation-service.rest`.
///
/// @param host address to listen on; `host`, default 127.0.0.1
/// @param port port to listen on, 0 for any free one; `port`, default 8443
/// @param tls certificate; `tls`, absent: plain HTTP, on loopback only
/// @param authentication how who provisions endorsements shows the admin token: `bearer`, or as the password of
///     `basic`; `authentication`, default both
/// @param nonceEncoding how sessions show their nonce: `base64url` without padding, as Veraison does since July 2026,
/// or
///     `base64` as it did before, which clients of that time expect, such as evcli 2.0; `nonce-encoding`, default
/// base64url
/// @param sessionTime how long a session lasts after it was last used, 1 s to 1 h; `session-time`, default 150s
/// @param maxSessions how many sessions there may be at once, 1 to 100,000; `max-sessions`, default 10000
public record RestConfig(
        @Default("127.0.0.1") String host,
        @Default("8443") int port,
        Optional<EdgeConfig.Tls> tls,

        @Default("bearer,basic") List<Authentication> authentication,

        @Default("base64url") NonceEncoding nonceEncoding,
        @Default("150s") Duration sessionTime,
        @Default("10000") int maxSessions) {
    /// How the admin token is shown.
    public enum Authentication {
        BEARER,
        BASIC
    }

    /// How sessions show their nonce.
    public enum NonceEncoding {
        BASE64URL,
        BASE64;

        String text(Bytes nonce) {
            return switch (this) {
                case BASE64URL -> Base64.getUrlEncoder().withoutPadding().encodeToString(nonce.toByteArray());
                case BASE64 -> nonce.base64();
            };
        }
    }

    public RestConfig {
        authentication = List.copyOf(authentication);
        EdgeConfig.requireAddress(host, port, tls);
        if (authentication.isEmpty()) {
            throw new IllegalArgumentException("authentication: none (expected: bearer, basic or both)");
        }
        if (sessionTime.compareTo(Duration.ofSeconds(1)) < 0 || sessionTime.compareTo(Duration.ofHours(1)) > 0) {
            throw new IllegalArgumentException("session-time: " + sessionTime.toSeconds() + "s (expected: 1s-1h)");
        }
        if (maxSessions < 1 || maxSessions > 100_000) {
            throw new IllegalArgumentException("max-sessions: " + maxSessions + " (expected: 1-100000)");
        }
    }

    /// The defaults, on loopback.
    ///
    /// @param port port to listen on, 0 for any free one
    public static RestConfig loopback(int port) {
        return new RestConfig(
                "127.0.0.1",
                port,
                Optional.empty(),
                List.of(Authentication.values()),
                NonceEncoding.BASE64URL,
                Duration.ofSeconds(150),
                10_000);
    }
}
