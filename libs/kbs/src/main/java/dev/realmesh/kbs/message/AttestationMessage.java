// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.kbs.message;

import dev.realmesh.kbs.BoundedJson;
import dev.realmesh.kbs.Initdata;
import dev.realmesh.kbs.KbsException;
import dev.realmesh.kbs.TeePublicKey;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// A CCA guest's answer to a challenge:
/// `{"init-data"?: {"format": "toml", "body"}, "runtime-data": {"nonce", "tee-pubkey"},
/// "tee-evidence": {"primary_evidence": {"token": [217, 1, 143, …]}, "additional_evidence": ""}}`.
/// The token is an array of numbers, as Rust's serde writes bytes. The nonce is not looked at: what the guest made of
/// it
/// is in its evidence.
public final class AttestationMessage {
    /// Largest message, in bytes: evidence and initdata at their limits, as JSON writes them.
    public static final int MAX_BYTES = 2 << 20;

    /// Largest evidence, in bytes.
    public static final int MAX_EVIDENCE_BYTES = 64 << 10;

    private static final String WHAT = "Attestation";

    private final TeePublicKey teePublicKey;
    private final byte[] evidence;
    private final Optional<Initdata> initdata;

    private AttestationMessage(TeePublicKey teePublicKey, byte[] evidence, Optional<Initdata> initdata) {
        this.teePublicKey = teePublicKey;
        this.evidence = evidence;
        this.initdata = initdata;
    }

    /// Reads it.
    ///
    /// @throws KbsException.Malformed if it is something else, or has evidence of further devices
    public static AttestationMessage parse(byte[] json) {
        ObjectNode message = BoundedJson.object(WHAT, json, MAX_BYTES);
        ObjectNode key = object(object(message, "runtime-data"), "tee-pubkey");
        ObjectNode teeEvidence = object(message, "tee-evidence");
        JsonNode additional = teeEvidence.path("additional_evidence");
        if (!additional.isString() || !additional.stringValue().isEmpty()) {
            throw malformed("additional_evidence", "of further devices, or missing (expected: an empty string)");
        }
        return new AttestationMessage(
                TeePublicKey.parse(key.toString().getBytes(StandardCharsets.UTF_8)),
                token(object(teeEvidence, "primary_evidence")),
                initdata(message.path("init-data")));
    }

    /// The key that secrets shall be sealed to.
    public TeePublicKey teePublicKey() {
        return teePublicKey;
    }

    /// The CCA token.
    public byte[] evidence() {
        return evidence.clone();
    }

    /// What the Realm was launched with, as its guest says.
    public Optional<Initdata> initdata() {
        return initdata;
    }

    private static byte[] token(ObjectNode evidence) {
        if (!(evidence.path("token") instanceof ArrayNode numbers)
                || numbers.isEmpty()
                || numbers.size() > MAX_EVIDENCE_BYTES) {
            throw malformed(
                    "primary_evidence token",
                    "not there (expected: an array of 1 to " + MAX_EVIDENCE_BYTES + " bytes)");
        }
        byte[] token = new byte[numbers.size()];
        for (int i = 0; i < token.length; i++) {
            JsonNode number = numbers.get(i);
            if (!number.isInt() || number.intValue() < 0 || number.intValue() > 255) {
                throw malformed("primary_evidence token", "item " + i + " is no byte (expected: 0 to 255)");
            }
            token[i] = (byte) number.intValue();
        }
        return token;
    }

    private static Optional<Initdata> initdata(JsonNode initdata) {
        if (initdata.isMissingNode() || initdata.isNull()) {
            return Optional.empty();
        }
        if (!initdata.path("format").asString("").equals("toml")
                || !initdata.path("body").isString()) {
            throw malformed("init-data", "of another format (expected: format toml and a body)");
        }
        return Optional.of(Initdata.parse(initdata.path("body").stringValue().getBytes(StandardCharsets.UTF_8)));
    }

    private static ObjectNode object(ObjectNode parent, String member) {
        if (parent.path(member) instanceof ObjectNode object) {
            return object;
        }
        throw malformed(member, "missing or no object (expected: a JSON object)");
    }

    private static KbsException malformed(String member, String problem) {
        return new KbsException.Malformed(WHAT + " " + member, problem);
    }
}
