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
/// The token is an array of numbers, as Rust's serde writes bytes. In place of it there may be `{"ear": "eyJ…"}`, what
/// a
/// verifier found in a token with the same challenge. The nonce is not looked at: what the guest made of
/// it
/// is in its evidence.
public final class AttestationMessage {
    /// Largest message, in bytes: evidence and initdata at their limits, as JSON writes them.
    public static final int MAX_BYTES = 2 << 20;

    private static final String WHAT = "Attestation";

    private final TeePublicKey teePublicKey;
    private final Proof proof;
    private final Optional<Initdata> initdata;

    private AttestationMessage(TeePublicKey teePublicKey, Proof proof, Optional<Initdata> initdata) {
        this.teePublicKey = teePublicKey;
        this.proof = proof;
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
                proof(object(teeEvidence, "primary_evidence")),
                initdata(message.path("init-data")));
    }

    /// The key that secrets shall be sealed to.
    public TeePublicKey teePublicKey() {
        return teePublicKey;
    }

    /// What shows who the guest is.
    public Proof proof() {
        return proof;
    }

    /// What the Realm was launched with, as its guest says.
    public Optional<Initdata> initdata() {
        return initdata;
    }

    private static Proof proof(ObjectNode primary) {
        if (primary.path("token") instanceof ArrayNode numbers) {
            return new Proof.Evidence(token(numbers));
        }
        if (primary.path("ear").isString()) {
            return new Proof.Result(primary.path("ear").stringValue());
        }
        throw malformed(
                "primary_evidence", "neither token nor ear (expected: token, an array of bytes, or ear, a JWT)");
    }

    private static byte[] token(ArrayNode numbers) {
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
