// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.attestation.veraison;

import dev.realmesh.attestation.appraisal.AppraisalRequest;
import dev.realmesh.cca.Bytes;
import dev.realmesh.remote.RemoteException;
import dev.realmesh.remote.RemoteService;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.Base64;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Veraison's challenge-response API, version 1: one session for one appraisal, deleted afterwards.
final class ChallengeResponse {
    private static final Logger LOG = LoggerFactory.getLogger(ChallengeResponse.class);
    private static final String SESSION = "application/vnd.veraison.challenge-response-session+json";

    private final RemoteService http;
    private final URI base;
    private final Discovery discovery;

    ChallengeResponse(RemoteService http, URI base, Discovery discovery) {
        this.http = http;
        this.base = base;
        this.discovery = discovery;
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
        URI endpoint = sameHost(discovery.document(), discovery.newSession());
        try {
            return newSession(endpoint, nonce);
        } catch (RemoteException e) {
            discovery.forget();
            throw e;
        }
    }

    private URI newSession(URI endpoint, Bytes nonce) {
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

    /// Checks that the deployment answers, and says where sessions begin.
    ///
    /// @throws RemoteException if it does not
    void probe() {
        sameHost(discovery.document(), discovery.ask());
    }

    /// Asks for the discovery document anew the next time.
    void forgetDiscovery() {
        discovery.forget();
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
