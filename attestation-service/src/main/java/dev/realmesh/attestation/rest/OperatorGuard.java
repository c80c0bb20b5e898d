// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.attestation.rest;

import dev.realmesh.attestation.rest.RestConfig.Authentication;
import dev.realmesh.mesh.state.AdminToken;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Lets those provision endorsements and manage policies who have the admin token, as gRPC does: as bearer token, or as
/// the password of any user. It stands for both of Veraison's roles, `provisioner` and `manager`.
final class OperatorGuard {
    private static final String BASIC = "Basic ";

    private final AdminToken token;
    private final List<Authentication> ways;

    OperatorGuard(AdminToken token, List<Authentication> ways) {
        this.token = token;
        this.ways = ways;
    }

    /// Whether an `Authorization` header shows the token.
    boolean admits(@Nullable String authorization) {
        return authorization != null
                && ways.stream().anyMatch(way -> switch (way) {
                    case BEARER -> token.isIn(authorization);
                    case BASIC -> token.is(password(authorization));
                });
    }

    /// What those get who are not admitted.
    Problem refusal() {
        return Problem.unauthorized()
                .with(
                        "WWW-Authenticate",
                        ways.stream()
                                .map(way -> way == Authentication.BEARER ? "Bearer" : "Basic realm=\"veraison\"")
                                .collect(Collectors.joining(", ")));
    }

    private static String password(String authorization) {
        if (!authorization.regionMatches(true, 0, BASIC, 0, BASIC.length())) {
            return "";
        }
        try {
            byte[] credentials = Base64.getDecoder().decode(authorization.substring(BASIC.length()));
            String text = new String(credentials, StandardCharsets.UTF_8);
            return text.substring(text.indexOf(':') + 1);
        } catch (IllegalArgumentException e) {
            return "";
        }
    }
}
