// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.attestation.veraison;

import dev.realmesh.attestation.appraisal.AppraisalRequest;
import dev.realmesh.attestation.remote.RemoteException;
import dev.realmesh.attestation.remote.RemoteService;
import dev.realmesh.cca.Bytes;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.Base64;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;

/// Veraison's challenge-response API, version 1: one session for one appraisal, deleted afterwards.
final class ChallengeResponse {
    private static final Logger LOG = LoggerFactory.getLogger(ChallengeResponse.class);
    private static final String SESSION = "application/vnd.veraison.challenge-response-session+json";
    private static final String DISCOVERY = "application/vnd.veraison.discovery+json";
    private static final String WELL_KNOWN = "/.well-known/veraison/verification";

    private final RemoteService http;
    private final URI base;

    ChallengeResponse(RemoteService http, URI base) {
        this.http = http;
        this.base = base;
    }

    /// Has evidence appraised.
    ///
    /// @return the result, a JWS that nobody has checked yet
    /// @throws RemoteException if there is none
    String appraise(AppraisalRequest request) {
        URI session = newSession(request.nonce());
        try {
            return submit(session, request.evidence());
        } finally {
            delete(session);
        }
    }

    private URI newSession(Bytes nonce) {
        URI endpoint = endpoint();
        String challenge = Base64.getUrlEncoder().withoutPadding().encodeToString(nonce.toByteArray());
        RemoteService.Answer answer = http.send(
                HttpRequest.newBuilder(URI.create(endpoint + "?nonce=" + challenge))
                        .header("Accept", SESSION)
                        .POST(BodyPublishers.noBody()),
                Set.of(201));
        String given = answer.body().path("nonce").asString("").replace("=", "");
        if (!given.replace('+', '-').replace('/', '_').equals(challenge)) {
            throw new RemoteException.NotTrusted(endpoint, "opens a session for another nonce");
        }
        return sameHost(endpoint, answer.location().orElse(""));
    }

    /// Where the deployment says that sessions begin.
    private URI endpoint() {
        URI wellKnown = base.resolve(WELL_KNOWN);
        JsonNode discovery = http.send(
                        HttpRequest.newBuilder(wellKnown)
                                .header("Accept", DISCOVERY)
                                .GET(),
                        Set.of(200))
                .body();
        if (discovery
                .path("media-types")
                .valueStream()
                .noneMatch(type -> type.asString("").equals(AppraisalRequest.MEDIA_TYPE))) {
            throw new RemoteException.Refused(wellKnown, 200, "does not verify " + AppraisalRequest.MEDIA_TYPE);
        }
        return sameHost(
                wellKnown,
                discovery
                        .path("api-endpoints")
                        .path("newChallengeResponseSession")
                        .asString(""));
    }

    private String submit(URI session, Bytes evidence) {
        RemoteService.Answer answer = http.send(
                HttpRequest.newBuilder(session)
                        .header("Accept", SESSION)
                        .header("Content-Type", AppraisalRequest.MEDIA_TYPE)
                        .POST(BodyPublishers.ofByteArray(evidence.toByteArray())),
                Set.of(200));
        String status = answer.body().path("status").asString("");
        if (!status.equals("complete")) {
            throw new RemoteException.Unreachable(session, "session is '" + status + "' (expected: complete)");
        }
        return answer.body().path("result").asString("");
    }

    /// It would expire by itself; that it cannot be deleted harms nobody.
    private void delete(URI session) {
        try {
            http.send(HttpRequest.newBuilder(session).DELETE(), Set.of(204));
        } catch (RemoteException e) {
            LOG.debug("session not deleted: {}", e.getMessage());
        }
    }

    /// A reference that an answer gave, which must not lead to somebody else.
    private URI sameHost(URI from, String reference) {
        try {
            URI to = from.resolve(reference);
            if (!reference.isEmpty()
                    && to.getAuthority().equals(base.getAuthority())
                    && to.getScheme().equals(base.getScheme())) {
                return to;
            }
        } catch (IllegalArgumentException ignored) {
            // As bad as one that leads astray.
        }
        throw new RemoteException.NotTrusted(from, "leads to '" + reference + "' (expected: a path on this host)");
    }
}
