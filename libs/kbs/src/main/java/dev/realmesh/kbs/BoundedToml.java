// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.kbs;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.dataformat.toml.TomlFactory;
import tools.jackson.dataformat.toml.TomlMapper;

/// Reads TOML of untrusted peers within bounds, and writes the two forms of strings that our documents need.
final class BoundedToml {
    private static final int MAX_DEPTH = 16;

    private static final TomlMapper MAPPER = TomlMapper.builder(TomlFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(MAX_DEPTH)
                            .maxNumberLength(100)
                            .build())
                    .build())
            .build();

    private BoundedToml() {}

    /// @throws KbsException.Malformed if `toml` is over `maxCharacters` or no TOML
    static ObjectNode parse(String what, String toml, int maxCharacters) {
        if (toml.length() > maxCharacters) {
            throw new KbsException.Malformed(
                    what, toml.length() + " characters (expected: at most " + maxCharacters + ")");
        }
        try {
            if (MAPPER.readTree(toml) instanceof ObjectNode table) {
                return table;
            }
        } catch (JacksonException e) {
            throw new KbsException.Malformed(what, "not TOML" + place(e));
        }
        throw new KbsException.Malformed(what, "empty (expected: a TOML document)");
    }

    static void requireKnown(String where, ObjectNode table, Set<String> keys) {
        for (String key : table.propertyNames()) {
            if (!keys.contains(key)) {
                throw new KbsException.Malformed(
                        where, "an unknown key (expected: " + String.join(", ", new TreeSet<>(keys)) + ")");
            }
        }
    }

    /// A table, or an empty one where there is none.
    static ObjectNode table(String where, ObjectNode parent, String key) {
        JsonNode value = parent.path(key);
        if (value.isMissingNode()) {
            return MAPPER.createObjectNode();
        }
        if (value instanceof ObjectNode table) {
            return table;
        }
        throw new KbsException.Malformed(where + " " + key, "no table (expected: [" + key + "])");
    }

    /// A boolean, or `missing` where there is none.
    static boolean flag(String where, ObjectNode table, String key, boolean missing) {
        JsonNode value = table.path(key);
        if (value.isMissingNode()) {
            return missing;
        }
        if (!value.isBoolean()) {
            throw new KbsException.Malformed(where + " " + key, "no boolean (expected: true or false)");
        }
        return value.booleanValue();
    }

    /// A string, if there is one.
    static Optional<String> text(String where, ObjectNode table, String key) {
        JsonNode value = table.path(key);
        if (value.isMissingNode()) {
            return Optional.empty();
        }
        if (!value.isString()) {
            throw new KbsException.Malformed(where + " " + key, "no string (expected: one)");
        }
        return Optional.of(value.stringValue());
    }

    /// An array of strings, or an empty one where there is none.
    static List<String> texts(String where, ObjectNode table, String key) {
        JsonNode value = table.path(key);
        if (value.isMissingNode()) {
            return List.of();
        }
        if (!value.isArray() || !value.valueStream().allMatch(JsonNode::isString)) {
            throw new KbsException.Malformed(where + " " + key, "no list (expected: an array of strings)");
        }
        return value.valueStream().map(JsonNode::stringValue).toList();
    }

    /// An array of strings as TOML.
    static String array(List<String> texts) {
        return texts.stream().map(BoundedToml::string).collect(Collectors.joining(", ", "[", "]"));
    }

    /// A string literal: multi-line and raw where that can say it, else basic with escapes.
    static String string(String text) {
        boolean raw = text.indexOf('\n') >= 0
                && !text.contains("'''")
                && !text.endsWith("'")
                && text.chars().noneMatch(c -> (c < 0x20 && c != '\n' && c != '\t') || c == 0x7f);
        return raw ? "'''\n" + text + "'''" : basic(text);
    }

    /// A key that may hold dots and blanks.
    static String quotedKey(String key) {
        return basic(key);
    }

    private static String basic(String text) {
        StringBuilder out = new StringBuilder("\"");
        text.chars().forEach(c -> {
            switch (c) {
                case '"' -> out.append("\\\"");
                case '\\' -> out.append("\\\\");
                case '\n' -> out.append("\\n");
                default -> out.append(c < 0x20 || c == 0x7f ? String.format("\\u%04X", c) : Character.toString(c));
            }
        });
        return out.append('"').toString();
    }

    private static String place(JacksonException e) {
        var location = e.getLocation();
        return location == null ? "" : ", line " + location.getLineNr();
    }
}
