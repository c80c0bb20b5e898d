// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.attestation.rest;

import com.google.common.net.MediaType;
import dev.realmesh.attestation.appraisal.AppraisalRequest;
import dev.realmesh.attestation.appraisal.AppraiseEvidence;
import dev.realmesh.attestation.rest.RestConfig.NonceEncoding;
import dev.realmesh.attestation.result.ResultStore;
import dev.realmesh.attestation.result.StoredResult;
import dev.realmesh.attestation.session.Session;
import dev.realmesh.attestation.session.Sessions;
import dev.realmesh.cca.Bytes;
import java.util.UUID;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// `/challenge-response/v1`: a session is opened, evidence submitted to it once, and the result read.
final class SessionHandler {
    private static final String MEDIA_TYPE = "application/vnd.veraison.challenge-response-session+json";
    private static final MediaType EVIDENCE = MediaType.parse(AppraisalRequest.MEDIA_TYPE);

    private final Sessions sessions;
    private final AppraiseEvidence appraisals;
    private final ResultStore results;
    private final NonceEncoding encoding;
    private final NonceRequest nonces = new NonceRequest();

    SessionHandler(Sessions sessions, AppraiseEvidence appraisals, ResultStore results, NonceEncoding encoding) {
        this.sessions = sessions;
        this.appraisals = appraisals;
        this.results = results;
        this.encoding = encoding;
    }

    Answer open(Exchange exchange) {
        exchange.requireAcceptable(MEDIA_TYPE);
        Bytes nonce = nonces.nonce(exchange.query("nonce"), exchange.query("nonceSize"));
        Session opened = sessions.open(nonce);
        return Answer.json(201, MEDIA_TYPE, document(opened))
                .with("Location", "session/" + opened.challenge().id());
    }

    Answer submit(Exchange exchange) {
        exchange.requireAcceptable(MEDIA_TYPE);
        Bytes evidence = evidence(exchange);
        UUID id = exchange.sessionId();
        AppraisalRequest request =
                new AppraisalRequest(evidence, sessions.get(id).challenge().nonce());
        Session.Processing processing = sessions.begin(id);
        Session ended = processing.fail();
        try {
            StoredResult result = appraisals.appraise(request);
            ended = processing.complete(result.id());
            return answer(ended, new ResultStore.WithEvidence(result, evidence, Bytes.EMPTY));
        } finally {
            sessions.end(ended);
        }
    }

    Answer get(Exchange exchange) {
        exchange.requireAcceptable(MEDIA_TYPE);
        Session session = sessions.get(exchange.sessionId());
        return session instanceof Session.Complete complete
                ? answer(session, results.get(complete.resultId().toString()))
                : Answer.json(200, MEDIA_TYPE, document(session));
    }

    Answer remove(Exchange exchange) {
        sessions.remove(exchange.sessionId());
        return Answer.empty(204);
    }

    private static Bytes evidence(Exchange exchange) {
        Bytes body = exchange.body();
        if (body.isEmpty()) {
            throw Problem.badRequest("unable to read evidence from the request body");
        }
        MediaType type = exchange.contentType();
        CmwRecord record = CmwRecord.isOne(type) ? CmwRecord.decode(body) : new CmwRecord(type, body);
        if (!record.type().equals(EVIDENCE)) {
            throw Problem.unsupportedMediaType("no active plugin found for " + record.type())
                    .with("Accept", AppraisalRequest.MEDIA_TYPE);
        }
        return record.value();
    }

    private Answer answer(Session session, ResultStore.WithEvidence found) {
        ObjectNode document = document(session);
        document.putObject("evidence")
                .put("type", AppraisalRequest.MEDIA_TYPE)
                .put("value", found.evidence().base64());
        document.put("result", found.result().jwt());
        return Answer.json(200, MEDIA_TYPE, document);
    }

    private ObjectNode document(Session session) {
        Session.Challenge challenge = session.challenge();
        ObjectNode document = JsonMapper.shared()
                .createObjectNode()
                .put("status", status(session))
                .put("nonce", encoding.text(challenge.nonce()))
                .put("expiry", challenge.expiry().toString());
        document.putArray("accept").add(AppraisalRequest.MEDIA_TYPE);
        return document;
    }

    private static String status(Session session) {
        return switch (session) {
            case Session.Waiting unused -> "waiting";
            case Session.Processing unused -> "processing";
            case Session.Complete unused -> "complete";
            case Session.Failed unused -> "failed";
        };
    }
}
