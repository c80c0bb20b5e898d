// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.keybroker.admin;

import dev.realmesh.mesh.config.Default;
import java.nio.file.Path;
import java.util.List;

/// Administrators beside those with the admin token: who has a JWT of an issuer; section `key-broker.admin`.
///
/// @param issuer what `iss` of their tokens must be; `issuer`, required
/// @param audience what their `aud` must name; `audience`, default KBS
/// @param keys files with the issuer's public keys, each a JWK, a JWK set, or one key in PEM; Ed25519 (EdDSA) or P-256
///     (ES256), at most 16 keys; `keys`, required
/// @param roles what each role may do, `ROLE PATTERN`: the pattern is a regular expression that a path of the KBS
///     protocol must match whole, such as `writer /kbs/v0/resource/team-a/.+`; `roles`, default `admin .*`
public record AdminConfig(
        String issuer,
        @Default("KBS") String audience,
        List<Path> keys,
        @Default("admin .*") List<String> roles) {
    public AdminConfig {
        keys = List.copyOf(keys);
        roles = List.copyOf(roles);
        if (issuer.isBlank() || audience.isBlank()) {
            throw new IllegalArgumentException("issuer, audience: empty (expected: what tokens have as iss and aud)");
        }
        if (keys.isEmpty()) {
            throw new IllegalArgumentException("keys: none (expected: files with the issuer's public keys)");
        }
        Roles.parse(roles);
    }
}
