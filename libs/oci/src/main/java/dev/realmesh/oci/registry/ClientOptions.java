// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.oci.registry;

import java.time.Duration;
import java.util.Set;

/// How a client talks to registries.
///
/// @param plainHttp registries without TLS, as their references have them: `127.0.0.1:5000`
/// @param answerTimeout how long an answer may take to begin, and what is sent may stand still
/// @param idleTimeout how long an answer may stand still once it has begun
/// @param backoff what is done about failures that may pass
/// @param logins at registries that ask for one
/// @param route how they are reached
public record ClientOptions(
        Set<String> plainHttp,
        Duration answerTimeout,
        Duration idleTimeout,
        Backoff backoff,
        Logins logins,
        Route route) {
    /// Default attempts: a registry that is gone for three seconds is not noticed.
    public static final int ATTEMPTS = 4;

    /// Default of [#answerTimeout].
    public static final Duration ANSWER_TIMEOUT = Duration.ofSeconds(60);

    /// Default of [#idleTimeout].
    public static final Duration IDLE_TIMEOUT = Duration.ofSeconds(30);

    public ClientOptions {
        plainHttp = Set.copyOf(plainHttp);
        if (!answerTimeout.isPositive() || !idleTimeout.isPositive()) {
            throw new IllegalArgumentException(
                    "client timeouts: " + answerTimeout + ", " + idleTimeout + " (expected: each more than 0)");
        }
    }

    /// The defaults.
    ///
    /// @param plainHttp registries without TLS
    public static ClientOptions of(Set<String> plainHttp) {
        return new ClientOptions(
                plainHttp, ANSWER_TIMEOUT, IDLE_TIMEOUT, Backoff.of(ATTEMPTS), AuthFiles.NONE, Route.DIRECT);
    }

    /// With other time limits.
    public ClientOptions withTimeouts(Duration answer, Duration idle) {
        return new ClientOptions(plainHttp, answer, idle, backoff, logins, route);
    }

    /// With another way to go about failures.
    public ClientOptions withBackoff(Backoff other) {
        return new ClientOptions(plainHttp, answerTimeout, idleTimeout, other, logins, route);
    }

    /// With other logins.
    public ClientOptions withLogins(Logins other) {
        return new ClientOptions(plainHttp, answerTimeout, idleTimeout, backoff, other, route);
    }

    /// By another way.
    public ClientOptions withRoute(Route other) {
        return new ClientOptions(plainHttp, answerTimeout, idleTimeout, backoff, logins, other);
    }
}
