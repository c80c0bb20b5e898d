// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.oci;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// A JSON object from outside, read with bounds on size, depth and number of members; duplicate members and anything
/// after the object are refused. A member of the wrong type is refused by its path.
public final class JsonDocument {
    private static final int MAX_DEPTH = 32;
    private static final int MAX_TOKENS = 500_000;
    private static final int MAX_NAME_LENGTH = 4096;

    private final String path;
    private final JsonNode node;

    private JsonDocument(String path, JsonNode node) {
        this.path = path;
        this.node = node;
    }

    /// Reads an object.
    ///
    /// @param what names the document in messages
    /// @param maxBytes the largest accepted document
    /// @throws OciException.LimitExceeded if there are more bytes
    /// @throws OciException.Malformed if it is not one JSON object
    public static JsonDocument parse(String what, byte[] json, int maxBytes) {
        if (json.length > maxBytes) {
            throw new OciException.LimitExceeded("size of " + what, maxBytes);
        }
        JsonNode node;
        try {
            node = mapper(maxBytes).readTree(json);
        } catch (JacksonException e) {
            throw new OciException.Malformed(what + ": not JSON within limits, " + e.getOriginalMessage(), e);
        }
        return object(what, node);
    }

    /// A text member.
    ///
    /// @throws OciException.Malformed if it is missing or no text
    public String text(String name) {
        return optionalText(name).orElseThrow(() -> missing(name, "text"));
    }

    /// A text member that may be missing or JSON null.
    public Optional<String> optionalText(String name) {
        return member(name).map(value -> {
            if (!value.isString()) {
                throw missing(name, "text");
            }
            return value.stringValue();
        });
    }

    /// A whole number from 0 on.
    public long size(String name) {
        JsonNode value = member(name).orElseThrow(() -> missing(name, "a whole number"));
        if (!value.isIntegralNumber() || !value.canConvertToLong() || value.longValue() < 0) {
            throw missing(name, "a whole number from 0 to 2^63-1");
        }
        return value.longValue();
    }

    /// An object member.
    public JsonDocument object(String name) {
        return optionalObject(name).orElseThrow(() -> missing(name, "an object"));
    }

    /// An object member that may be missing or JSON null.
    public Optional<JsonDocument> optionalObject(String name) {
        return member(name).map(value -> object(path + "." + name, value));
    }

    /// Members of an array of objects; none if it is missing.
    public List<JsonDocument> objects(String name) {
        List<JsonDocument> found = new ArrayList<>();
        for (JsonNode value : array(name)) {
            found.add(object(path + "." + name + "[" + found.size() + "]", value));
        }
        return List.copyOf(found);
    }

    /// Members of an array of texts; none if it is missing.
    public List<String> texts(String name) {
        List<String> found = new ArrayList<>();
        for (JsonNode value : array(name)) {
            if (!value.isString()) {
                throw missing(name, "an array of texts");
            }
            found.add(value.stringValue());
        }
        return List.copyOf(found);
    }

    /// Members of an object of texts, in their order; none if it is missing.
    public Map<String, String> textsByName(String name) {
        Map<String, String> found = new LinkedHashMap<>();
        optionalObject(name)
                .ifPresent(object -> object.node
                        .propertyNames()
                        .forEach(key -> object.optionalText(key).ifPresent(value -> found.put(key, value))));
        return found;
    }

    /// Names of this object's members.
    public List<String> names() {
        return List.copyOf(node.propertyNames());
    }

    /// Bytes that Go writes as base64 text and Rust as an array of numbers.
    public byte[] bytes(String name) {
        JsonNode value = member(name).orElseThrow(() -> missing(name, "bytes"));
        return value.isString() ? Base64Text.decode(path + "." + name, value.stringValue()) : numbers(name);
    }

    private byte[] numbers(String name) {
        JsonNode array = array(name);
        byte[] bytes = new byte[array.size()];
        for (int i = 0; i < bytes.length; i++) {
            JsonNode number = array.get(i);
            if (!number.isInt() || number.intValue() < 0 || number.intValue() > 255) {
                throw missing(name, "numbers from 0 to 255");
            }
            bytes[i] = (byte) number.intValue();
        }
        return bytes;
    }

    private JsonNode array(String name) {
        JsonNode value = node.path(name);
        if (!value.isMissingNode() && !value.isNull() && !value.isArray()) {
            throw missing(name, "an array");
        }
        return value;
    }

    private Optional<JsonNode> member(String name) {
        JsonNode value = node.path(name);
        return value.isMissingNode() || value.isNull() ? Optional.empty() : Optional.of(value);
    }

    private OciException.Malformed missing(String name, String expected) {
        return new OciException.Malformed(
                path + "." + name + ": missing or of another type (expected: " + expected + ")");
    }

    private static JsonDocument object(String path, JsonNode node) {
        if (!node.isObject()) {
            throw new OciException.Malformed(path + ": " + node.getNodeType() + " (expected: an object)");
        }
        return new JsonDocument(path, node);
    }

    private static JsonMapper mapper(int maxBytes) {
        JsonFactory factory = JsonFactory.builder()
                .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                .streamReadConstraints(StreamReadConstraints.builder()
                        .maxNestingDepth(MAX_DEPTH)
                        .maxDocumentLength(maxBytes)
                        .maxTokenCount(MAX_TOKENS)
                        .maxStringLength(maxBytes)
                        .maxNameLength(MAX_NAME_LENGTH)
                        .build())
                .build();
        return JsonMapper.builder(factory)
                .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                .build();
    }
}
