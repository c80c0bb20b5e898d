// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.keybroker.http;

import dev.realmesh.kbs.KbsException;
import dev.realmesh.kbs.ResourcePath;
import dev.realmesh.kbs.SecretBytes;
import dev.realmesh.keybroker.admin.Administrators;
import dev.realmesh.keybroker.rcar.AttestedRealm;
import dev.realmesh.keybroker.rcar.Passports;
import dev.realmesh.keybroker.rcar.RcarException;
import dev.realmesh.keybroker.rcar.RcarSession;
import dev.realmesh.keybroker.rcar.SessionStore;
import dev.realmesh.keybroker.release.ReleaseException;
import dev.realmesh.keybroker.release.ReleaseResource;
import dev.realmesh.keybroker.resource.ResourceRepository;
import dev.realmesh.mesh.http.HttpAnswer;
import dev.realmesh.mesh.http.HttpRequest;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// `/kbs/v0/resource/REPOSITORY/TYPE/TAG`: guests get, administrators post and delete.
final class ResourceHandler {
    private static final Logger LOG = LoggerFactory.getLogger(ResourceHandler.class);
    private static final String BEARER = "Bearer ";

    private final SessionStore sessions;
    private final Passports passports;
    private final ReleaseResource release;
    private final ResourceRepository resources;
    private final AdministratorCalls calls;

    ResourceHandler(
            SessionStore sessions,
            Passports passports,
            ReleaseResource release,
            ResourceRepository resources,
            Administrators administrators) {
        this.sessions = sessions;
        this.passports = passports;
        this.release = release;
        this.resources = resources;
        this.calls = new AdministratorCalls(administrators, KbsError.ADMIN_AUTH_INITIALIZATION);
    }

    /// A secret for who attested, sealed to its TEE key.
    HttpAnswer get(HttpRequest request, String path) {
        Optional<AttestedRealm> realm;
        try {
            realm = bySession(request).or(() -> byToken(request));
        } catch (RcarException.NotTrusted | RcarException.NotAffirming | KbsException e) {
            LOG.info("passport: {}", e.getMessage());
            return KbsError.TOKEN_VERIFIER_ERROR.answer(401, "Token Verifier error");
        } catch (RcarException e) {
            return noToken();
        }
        if (realm.isEmpty()) {
            return noToken();
        }
        try {
            return HttpAnswer.of(
                    200,
                    "application/json",
                    release.release(realm.get(), ResourcePath.parse(path)).toJson());
        } catch (ReleaseException.NotFound | KbsException e) {
            LOG.info("{}", e.getMessage());
            return KbsError.PLUGIN_INTERNAL_ERROR.answer(401, "Plugin internal error");
        }
    }

    /// Stores a secret in place of what was there.
    HttpAnswer post(HttpRequest request, String path) {
        return calls.answer(request, administrator -> {
            ResourcePath resource = ResourcePath.parse(path);
            try (SecretBytes secret = SecretBytes.taking(request.body())) {
                resources.put(resource, secret, administrator.actor());
            }
            return HttpAnswer.empty(200);
        });
    }

    /// Removes a secret.
    HttpAnswer delete(HttpRequest request, String path) {
        return calls.answer(request, administrator -> {
            ResourcePath resource = ResourcePath.parse(path);
            if (!resources.delete(resource, administrator.actor())) {
                throw new ReleaseException.NotFound(resource);
            }
            return HttpAnswer.empty(200);
        });
    }

    private Optional<AttestedRealm> bySession(HttpRequest request) {
        return SessionCookie.in(request).map(id -> sessions.requireAttested(id).realm());
    }

    private Optional<AttestedRealm> byToken(HttpRequest request) {
        return request.header("Authorization")
                .filter(header -> header.regionMatches(true, 0, BEARER, 0, BEARER.length()))
                .map(header -> header.substring(BEARER.length()))
                .map(token -> sessions.attestedWith(token)
                        .map(RcarSession.Attested::realm)
                        .orElseGet(() -> passports.accept(token)));
    }

    private static HttpAnswer noToken() {
        return KbsError.TOKEN_NOT_FOUND.answer(401, "Attestation Token not found");
    }
}
