// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.realm.rest;

import dev.realmesh.kbs.BoundedJson;
import dev.realmesh.kbs.KbsException;
import dev.realmesh.kbs.SecretBytes;
import dev.realmesh.kbs.aael.AaelEvent;
import dev.realmesh.kbs.aael.AaelException;
import dev.realmesh.realm.attest.AttestedSession;
import dev.realmesh.realm.attest.BrokerException;
import dev.realmesh.realm.attest.EventLog;
import dev.realmesh.realm.attest.EventLogFullException;
import dev.realmesh.realm.attest.EvidenceCollector;
import dev.realmesh.realm.attest.WorkloadToken;
import dev.realmesh.realm.rsi.RsiClient;
import dev.realmesh.realm.rsi.RsiException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// `/aa`: tokens, evidence and runtime measurements. A workload that has these speaks for the whole Realm: what it
/// binds
/// evidence to is its own affair.
final class AttestationRoutes {
    private final WorkloadToken token;
    private final EvidenceCollector evidence;
    private final EventLog events;

    AttestationRoutes(WorkloadToken token, EvidenceCollector evidence, EventLog events) {
        this.token = token;
        this.evidence = evidence;
        this.events = events;
    }

    /// Answers what follows `/aa`. As upstream, another method is another URL; `GET /aael`, the whole log, is this
    /// project's own.
    Answer answer(String path, Question question) {
        try {
            return switch (question.method() + " " + path) {
                case "GET /token" -> token(question);
                case "GET /evidence" -> evidence(question);
                case "GET /additional-evidence" -> additionalEvidence(question);
                case "POST /aael" -> measure(question);
                case "GET /aael" -> Answer.bytes(events.toBytes());
                default -> Answer.notFound();
            };
        } catch (BrokerException | RsiException | EventLogFullException e) {
            return Answer.failed(String.valueOf(e.getMessage()));
        }
    }

    private Answer token(Question question) {
        Optional<String> type = question.parameter("token_type");
        if (type.isEmpty()) {
            return Answer.badRequest();
        }
        if (!type.get().equals("kbs")) {
            return Answer.failed("token_type: another one (expected: kbs)");
        }
        AttestedSession session = token.current();
        try (SecretBytes pem = session.teeKey().toPem()) {
            ObjectNode json = BoundedJson.newObject();
            json.put("token", session.appraised().ear());
            json.put("tee_keypair", new String(pem.reveal(), StandardCharsets.US_ASCII));
            return Answer.bytes(SecretBytes.taking(BoundedJson.bytes(json)));
        }
    }

    private Answer evidence(Question question) {
        Optional<byte[]> runtimeData = runtimeData(question);
        if (runtimeData.isEmpty()) {
            return Answer.badRequest();
        }
        if (runtimeData.get().length > RsiClient.CHALLENGE_LENGTH) {
            return Answer.failed(
                    "CCA Attester: Challenge size must be " + RsiClient.CHALLENGE_LENGTH + " bytes or less.");
        }
        ObjectNode json = BoundedJson.newObject();
        var token = json.putArray("token");
        for (byte each : evidence.collect(runtimeData.get()).toBytes()) {
            token.add(Byte.toUnsignedInt(each));
        }
        return Answer.bytes(BoundedJson.bytes(json));
    }

    /// A Realm has no other devices, and upstream answers nothing then.
    private static Answer additionalEvidence(Question question) {
        return runtimeData(question).isEmpty() ? Answer.badRequest() : Answer.bytes(new byte[0]);
    }

    private Answer measure(Question question) {
        try {
            byte[] body = question.body().getBytes(StandardCharsets.UTF_8);
            ObjectNode json = BoundedJson.object("event", body, Question.MAX_BODY_BYTES);
            events.measure(new AaelEvent(text(json, "domain"), text(json, "operation"), text(json, "content")));
            return Answer.json("{\"success\":\"true\"}".getBytes(StandardCharsets.US_ASCII));
        } catch (KbsException | AaelException e) {
            return Answer.failed("Illegal AAEL eventry format: " + e.getMessage());
        }
    }

    private static String text(ObjectNode json, String member) {
        JsonNode value = json.path(member);
        if (!value.isString()) {
            throw new KbsException.Malformed("event " + member, "missing or no string (expected: a string)");
        }
        return value.stringValue();
    }

    /// The bytes of `runtime_data`: its text, or what that is in URL-safe base64 without padding; none if it is missing
    /// or neither.
    private static Optional<byte[]> runtimeData(Question question) {
        Optional<String> data = question.parameter("runtime_data");
        String encoding = question.parameter("encoding").orElse("");
        if (data.isEmpty() || !question.parameters().containsKey("encoding")) {
            return data.map(text -> text.getBytes(StandardCharsets.UTF_8));
        }
        if (!encoding.equals("base64") || data.get().contains("=")) {
            return Optional.empty();
        }
        try {
            return Optional.of(Base64.getUrlDecoder().decode(data.get()));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }
}
