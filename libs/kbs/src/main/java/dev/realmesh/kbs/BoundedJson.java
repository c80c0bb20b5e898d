// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.kbs;

import java.util.Set;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// Reads JSON of untrusted peers: at most so many bytes, 16 levels, no member twice, nothing after the value.
public final class BoundedJson {
    private static final int MAX_DEPTH = 16;

    private static final JsonMapper MAPPER = JsonMapper.builder(JsonFactory.builder()
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(MAX_DEPTH)
                            .maxNumberLength(100)
                            .build())
                    .build())
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private BoundedJson() {}

    /// An object, with whatever members.
    ///
    /// @param what its name, for the message
    /// @throws KbsException.Malformed if `json` is over `maxBytes` or no JSON object
    public static ObjectNode object(String what, byte[] json, int maxBytes) {
        if (json.length > maxBytes) {
            throw new KbsException.Malformed(what, json.length + " bytes (expected: at most " + maxBytes + ")");
        }
        try {
            if (MAPPER.readTree(json) instanceof ObjectNode object) {
                return object;
            }
        } catch (JacksonException e) {
            throw new KbsException.Malformed(what, "not JSON (expected: one object, no member twice)");
        }
        throw new KbsException.Malformed(what, "not an object (expected: one JSON object)");
    }

    /// An object that has exactly these members, all strings.
    static ObjectNode strings(String what, byte[] json, int maxBytes, Set<String> members) {
        ObjectNode object = object(what, json, maxBytes);
        requireStrings(what, object, members);
        return object;
    }

    static void requireStrings(String what, ObjectNode object, Set<String> members) {
        if (!Set.copyOf(object.propertyNames()).equals(members)) {
            throw new KbsException.Malformed(
                    what, "other members (expected: " + String.join(", ", sorted(members)) + ")");
        }
        for (String member : members) {
            if (!object.required(member).isString()) {
                throw new KbsException.Malformed(what + " " + member, "not a string (expected: a string)");
            }
        }
    }

    /// The text of a member that is known to be a string.
    public static String text(JsonNode object, String member) {
        return object.required(member).stringValue();
    }

    /// An empty object.
    public static ObjectNode newObject() {
        return MAPPER.createObjectNode();
    }

    /// Compact JSON, members in the order in which they were put.
    public static byte[] bytes(ObjectNode object) {
        return MAPPER.writeValueAsBytes(object);
    }

    private static Iterable<String> sorted(Set<String> names) {
        return names.stream().sorted().toList();
    }
}
