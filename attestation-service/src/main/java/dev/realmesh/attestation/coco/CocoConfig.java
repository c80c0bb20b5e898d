// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.attestation.coco;

import dev.realmesh.mesh.config.Default;
import java.time.Duration;
import java.util.Locale;

/// How Trustee's API is served; section `attestation-service.coco`.
///
/// @param administration who may set policies and register reference values: `guarded`, who has the admin token, or
///     `open`, who reaches the edge, for a Trustee KBS in front, which sends no token and asks its own administrators
/// for
///     theirs; `administration`, default guarded
/// @param tokenDurationSeconds how long a token holds, 60 s to 1 h; `token-duration-seconds`, default 300
/// @param issuer who tokens say issued them, 1 to 256 characters; `issuer`, default `Realmesh`
public record CocoConfig(
        @Default("guarded") Administration administration,
        @Default("300") int tokenDurationSeconds,
        @Default("Realmesh") String issuer) {
    private static final int MAX_ISSUER = 256;

    /// Who may administer.
    public enum Administration {
        /// Who has the admin token.
        GUARDED,
        /// Who reaches the edge.
        OPEN;

        /// The name in configurations.
        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    public CocoConfig {
        if (tokenDurationSeconds < 60 || tokenDurationSeconds > 3600) {
            throw new IllegalArgumentException(
                    "token-duration-seconds: " + tokenDurationSeconds + " (expected: 60-3600)");
        }
        if (issuer.isBlank() || issuer.length() > MAX_ISSUER) {
            throw new IllegalArgumentException(
                    "issuer: " + issuer.length() + " characters (expected: 1 to " + MAX_ISSUER + ", not blank)");
        }
    }

    /// The defaults.
    public static CocoConfig withDefaults() {
        return new CocoConfig(Administration.GUARDED, 300, "Realmesh");
    }

    /// How long a token holds.
    public Duration tokenDuration() {
        return Duration.ofSeconds(tokenDurationSeconds);
    }
}
