// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.attestation.reference;

import dev.realmesh.attestation.endorsement.Provisioning;
import dev.realmesh.cca.Bytes;
import dev.realmesh.kbs.BoundedJson;
import dev.realmesh.kbs.CanonicalJson;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Takes messages of Trustee's reference value provider, version 0.1.0: `{"version", "type", "payload"}`. Of type
/// `sample`, the payload is an object of values by id, and they are stored; of type `corim`, it is a CoRIM, and goes
/// where all endorsements go.
public final class ReferenceValueProvider {
    private static final String VERSION = "0.1.0";
    private static final int MAX_MESSAGE_BYTES = 2 << 20;
    private static final int MAX_VALUES = 1000;
    private static final int MAX_ID = 256;
    private static final int MAX_VALUE_CHARACTERS = 64 * 1024;
    private static final String CONTENT_TELLS = "";

    private final ReferenceValues values;
    private final Provisioning provisioning;

    public ReferenceValueProvider(ReferenceValues values, Provisioning provisioning) {
        this.values = values;
        this.provisioning = provisioning;
    }

    /// Stores what a message holds, all or nothing.
    ///
    /// @throws ReferenceException if it is not taken
    /// @throws dev.realmesh.kbs.KbsException.Malformed if it is no JSON object, or over a limit
    /// @throws dev.realmesh.attestation.endorsement.EndorsementException if its CoRIM is not taken
    public void register(String message) {
        ObjectNode object = BoundedJson.object("message", message.getBytes(StandardCharsets.UTF_8), MAX_MESSAGE_BYTES);
        if (object.has("version") && !text(object, "version").equals(VERSION)) {
            throw new ReferenceException.Malformed("version: another (expected: " + VERSION + ")");
        }
        String type = text(object, "type");
        byte[] payload = payload(text(object, "payload"));
        switch (type) {
            case "sample" -> values.put(sample(payload));
            case "corim" -> provisioning.submit(Bytes.copyOf(payload), CONTENT_TELLS);
            default -> throw new ReferenceException.UnsupportedType();
        }
    }

    /// The value of an id as JSON; empty if there is none.
    public Optional<String> query(String id) {
        return isId(id) ? values.find(id) : Optional.empty();
    }

    private static Map<String, String> sample(byte[] payload) {
        ObjectNode object = BoundedJson.object("payload", payload, MAX_MESSAGE_BYTES);
        if (object.size() > MAX_VALUES) {
            throw new ReferenceException.Malformed(
                    "payload: " + object.size() + " values (expected: at most " + MAX_VALUES + ")");
        }
        Map<String, String> byId = new TreeMap<>();
        for (Map.Entry<String, JsonNode> entry : object.properties()) {
            if (!isId(entry.getKey())) {
                throw new ReferenceException.Malformed("payload: an id is none (expected: 1 to " + MAX_ID
                        + " characters of Unicode text, no control characters)");
            }
            byId.put(entry.getKey(), value(entry.getValue()));
        }
        return byId;
    }

    private static String value(JsonNode value) {
        CanonicalJson.of(
                value); // Refuses what is no portable JSON; the text that is kept has the numbers as they came.
        String json = value.toString();
        if (json.length() > MAX_VALUE_CHARACTERS) {
            throw new ReferenceException.Malformed("payload: a value of " + json.length()
                    + " characters (expected: at most " + MAX_VALUE_CHARACTERS + ")");
        }
        return json;
    }

    private static boolean isId(String id) {
        return !id.isEmpty()
                && id.length() <= MAX_ID
                && id.codePoints()
                        .noneMatch(character -> Character.isISOControl(character)
                                || Character.getType(character) == Character.SURROGATE);
    }

    private static byte[] payload(String base64) {
        try {
            return Base64.getDecoder().decode(base64);
        } catch (IllegalArgumentException ignored) {
            throw new ReferenceException.Malformed("payload: not base64 (expected: the standard alphabet, padded)");
        }
    }

    private static String text(ObjectNode object, String member) {
        JsonNode value = object.path(member);
        if (!value.isString()) {
            throw new ReferenceException.Malformed(member + ": no text (expected: a string)");
        }
        return value.stringValue();
    }
}
