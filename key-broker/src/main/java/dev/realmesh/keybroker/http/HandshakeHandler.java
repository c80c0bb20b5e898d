// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.keybroker.http;

import dev.realmesh.kbs.BoundedJson;
import dev.realmesh.kbs.KbsException;
import dev.realmesh.kbs.message.AttestationMessage;
import dev.realmesh.kbs.message.Request;
import dev.realmesh.keybroker.rcar.Attestation;
import dev.realmesh.keybroker.rcar.Handshake;
import dev.realmesh.keybroker.rcar.RcarException;
import dev.realmesh.keybroker.rcar.RcarSession;
import dev.realmesh.keybroker.rcar.SessionId;
import dev.realmesh.keybroker.rcar.SessionStore;
import dev.realmesh.mesh.http.HttpAnswer;
import dev.realmesh.mesh.http.HttpRequest;
import java.util.function.Supplier;
import tools.jackson.databind.node.ObjectNode;

/// `POST /kbs/v0/auth` and `POST /kbs/v0/attest`.
final class HandshakeHandler {
    private static final String JSON = "application/json";

    private final Handshake handshake;
    private final SessionStore sessions;

    HandshakeHandler(Handshake handshake, SessionStore sessions) {
        this.handshake = handshake;
        this.sessions = sessions;
    }

    /// Request → Challenge.
    HttpAnswer auth(HttpRequest request) {
        return step("Auth", () -> {
            Request asked = Request.parse(request.body());
            RcarSession.Challenged session = handshake.challenge(asked.version(), asked.tee());
            ObjectNode challenge = BoundedJson.newObject();
            challenge.put("nonce", session.nonce().toBase64());
            challenge.put("extra-params", "");
            HttpAnswer answer = HttpAnswer.of(200, JSON, BoundedJson.bytes(challenge));
            return SessionCookie.set(answer, session.id(), session.expiresAt());
        });
    }

    /// Attestation → Response. A session that attested before gets the same token again, whatever comes with it.
    HttpAnswer attest(HttpRequest request) {
        return step("Attest", () -> {
            SessionId id = SessionCookie.in(request).orElseThrow(RcarException.NoSession::new);
            if (!sessions.hasAttested(id)) {
                AttestationMessage message = AttestationMessage.parse(request.body());
                handshake.attest(
                        id,
                        new Attestation(
                                message.teePublicKey(), message.proof(), message.initdata(), Attestation.Remarks.NONE));
            }
            RcarSession.Attested attested = sessions.requireAttested(id);
            ObjectNode response = BoundedJson.newObject();
            response.put("token", attested.realm().token());
            HttpAnswer answer = HttpAnswer.of(200, JSON, BoundedJson.bytes(response));
            return SessionCookie.set(answer, id, attested.expiresAt());
        });
    }

    private static HttpAnswer step(String name, Supplier<HttpAnswer> work) {
        String failed = "Attestation error: RCAR handshake " + name + " failed: ";
        try {
            return work.get();
        } catch (RcarException e) {
            return Refusals.ofHandshake(failed, e);
        } catch (KbsException e) {
            return KbsError.ATTESTATION_ERROR.answer(401, failed + e.getMessage());
        }
    }
}
