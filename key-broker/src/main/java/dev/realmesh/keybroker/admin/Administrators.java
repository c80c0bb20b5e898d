// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.keybroker.admin;

import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import dev.realmesh.kbs.audit.AuditEvent;
import dev.realmesh.kbs.audit.AuditEvent.Action;
import dev.realmesh.kbs.audit.AuditEvent.Outcome;
import dev.realmesh.keybroker.audit.AuditLog;
import dev.realmesh.mesh.state.AdminToken;
import java.text.ParseException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Date;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Tells administrators by what they show as bearer: the admin token, which may do all, or a JWT of the configured
/// issuer with `iss`, `aud`, `exp`, `sub` and `role` (RFC 7519), whose role says what it may do.
public final class Administrators {
    private static final String SCHEME = "Bearer ";
    private static final int MAX_TOKEN = 8 << 10;
    private static final int MAX_KEYS = 16;
    private static final int MAX_TEXT = 128;

    /// How far an issuer's clock may be ahead of ours.
    private static final Duration MAX_SKEW = Duration.ofSeconds(60);

    private final AdminToken adminToken;
    private final Optional<Issuer> issuer;
    private final AuditLog audit;
    private final InstantSource clock;

    private record Issuer(String name, String audience, List<IssuerKey> keys, Roles roles) {}

    private Administrators(AdminToken adminToken, Optional<Issuer> issuer, AuditLog audit, InstantSource clock) {
        this.adminToken = adminToken;
        this.issuer = issuer;
        this.audit = audit;
        this.clock = clock;
    }

    /// Those who have the admin token, and those whom the configured issuer names.
    ///
    /// @throws IllegalArgumentException if a key cannot be used
    public static Administrators of(
            AdminToken adminToken, Optional<AdminConfig> config, AuditLog audit, InstantSource clock) {
        return new Administrators(adminToken, config.map(Administrators::issuer), audit, clock);
    }

    /// Who calls.
    ///
    /// @param authorization the header, if there was one
    /// @throws AdminException.Unauthenticated if it is not known who they are
    public Administrator authenticate(Optional<String> authorization) {
        String header = authorization.orElseThrow(() -> unauthenticated("none (expected: Bearer TOKEN)"));
        if (adminToken.isIn(header)) {
            return Administrator.BY_TOKEN;
        }
        Issuer known = issuer.orElseThrow(() -> unauthenticated("another token (expected: the admin token)"));
        return administrator(known, token(header));
    }

    /// Checks that an administrator may do something; who may not is recorded.
    ///
    /// @param path what they ask for, a path of the KBS protocol
    /// @throws AdminException.Forbidden if their role may not
    public void requireAllowed(Administrator administrator, String path) {
        boolean allowed = administrator.equals(Administrator.BY_TOKEN)
                || issuer.filter(known -> known.roles().allow(administrator.role(), path))
                        .isPresent();
        if (!allowed) {
            AdminException refused = new AdminException.Forbidden(administrator.role(), path);
            audit.record(new AuditEvent(
                    administrator.actor(), Action.ADMINISTER, path, Outcome.REFUSED, "role " + administrator.role()));
            throw refused;
        }
    }

    private static Issuer issuer(AdminConfig config) {
        List<IssuerKey> keys = config.keys().stream()
                .flatMap(file -> IssuerKey.in(file).stream())
                .toList();
        if (keys.isEmpty() || keys.size() > MAX_KEYS) {
            throw new IllegalArgumentException("keys: " + keys.size() + " (expected: 1-" + MAX_KEYS + ")");
        }
        return new Issuer(config.issuer(), config.audience(), keys, Roles.parse(config.roles()));
    }

    private static SignedJWT token(String header) {
        if (!header.regionMatches(true, 0, SCHEME, 0, SCHEME.length()) || header.length() > MAX_TOKEN) {
            throw unauthenticated("another scheme, or too long (expected: Bearer TOKEN)");
        }
        try {
            return SignedJWT.parse(header.substring(SCHEME.length()).strip());
        } catch (ParseException e) {
            throw unauthenticated("no JWT (expected: a signed JWT, or the admin token)");
        }
    }

    private Administrator administrator(Issuer known, SignedJWT token) {
        if (known.keys().stream().noneMatch(key -> key.isMeantBy(token) && key.signed(token))) {
            throw unauthenticated("a JWT that no known key signed (expected: by the issuer's key, EdDSA or ES256)");
        }
        try {
            JWTClaimsSet claims = token.getJWTClaimsSet();
            requireCurrent(claims);
            if (!known.name().equals(claims.getIssuer())
                    || !claims.getAudience().contains(known.audience())) {
                throw unauthenticated("another issuer or audience (expected: the configured ones)");
            }
            return new Administrator(text(claims, "sub"), text(claims, "role"));
        } catch (ParseException e) {
            throw unauthenticated("a JWT without claims (expected: a JSON object)");
        }
    }

    private void requireCurrent(JWTClaimsSet claims) {
        Instant now = clock.instant();
        Date expiry = claims.getExpirationTime();
        Date notBefore = claims.getNotBeforeTime();
        Date issued = claims.getIssueTime();
        if (expiry == null || !now.isBefore(expiry.toInstant())) {
            throw unauthenticated("a JWT that has expired, or never does (expected: exp to come)");
        }
        if (isToCome(notBefore, now) || isToCome(issued, now)) {
            throw unauthenticated("a JWT of the future (expected: nbf and iat past)");
        }
    }

    private static boolean isToCome(@Nullable Date time, Instant now) {
        return time != null && time.toInstant().isAfter(now.plus(MAX_SKEW));
    }

    private static String text(JWTClaimsSet claims, String name) {
        if (claims.getClaim(name) instanceof String text && !text.isBlank() && text.length() <= MAX_TEXT) {
            return text;
        }
        throw unauthenticated("a JWT without " + name + " (expected: a text)");
    }

    private static AdminException unauthenticated(String problem) {
        return new AdminException.Unauthenticated(problem);
    }
}
