// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.attestation.policy;

import dev.realmesh.cca.ear.Ear;
import dev.realmesh.cca.ear.TrustClaim;
import dev.realmesh.cca.ear.TrustTier;
import dev.realmesh.policy.PolicyException;
import dev.realmesh.policy.PolicyText;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.dataformat.yaml.YAMLFactory;
import tools.jackson.dataformat.yaml.YAMLMapper;

/// Policies from their YAML (or JSON) form; attestation-service's README describes it.
final class PolicyReader {
    private static final int MAX_RULES = 64;
    private static final int MAX_TEXT = 300;

    /// Longest condition, in characters.
    static final int MAX_CONDITION = 2000;
    private static final List<String> SUBMODS = List.of(Ear.PLATFORM, Ear.REALM);
    private static final YAMLMapper YAML = YAMLMapper.builder(YAMLFactory.builder()
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .build())
            .build();

    private PolicyReader() {}

    /// Reads a document.
    ///
    /// @throws PolicyException.Invalid if it is none; the message says where
    static PolicyDocument read(String text) {
        PolicyText.requireSize(text);
        JsonNode root;
        try {
            root = YAML.readTree(text);
        } catch (JacksonException e) {
            throw invalid("policy", e.getOriginalMessage().lines().findFirst().orElse("unreadable"), "YAML or JSON");
        }
        requireKeys("policy", root, Set.of("name", "rules"));
        JsonNode rules = root.path("rules");
        if (!rules.isArray() || rules.isEmpty() || rules.size() > MAX_RULES) {
            throw invalid("rules", rules.isArray() ? rules.size() + " of them" : "no list", "1 to " + MAX_RULES);
        }
        List<PolicyDocument.Rule> read = new ArrayList<>();
        Set<String> names = new HashSet<>();
        for (JsonNode rule : rules) {
            PolicyDocument.Rule next = rule(rule);
            if (!names.add(next.name())) {
                throw invalid("rule " + next.name(), "twice", "another name");
            }
            read.add(next);
        }
        return new PolicyDocument(name("name", root.path("name")), read);
    }

    private static PolicyDocument.Rule rule(JsonNode rule) {
        requireKeys("rule", rule, Set.of("name", "submod", "when", "status", "claims", "add", "reason"));
        String name = name("rule's name", rule.path("name"));
        String where = "rule " + name + ": ";
        Effect effect = new Effect(
                status(where, rule.path("status")),
                claims(where, rule.path("claims")),
                added(where, rule.path("add")),
                text(where + "reason", rule.path("reason"), MAX_TEXT));
        if (effect.status().isEmpty()
                && effect.claims().isEmpty()
                && effect.added().isEmpty()) {
            throw invalid(where.strip() + " effect", "none", "status, claims or add");
        }
        String when = text(where + "when", rule.path("when"), MAX_CONDITION);
        return new PolicyDocument.Rule(name, submods(where, rule.path("submod")), when, effect);
    }

    private static List<String> submods(String where, JsonNode submod) {
        if (submod.isMissingNode()) {
            return SUBMODS;
        }
        if (!SUBMODS.contains(submod.asString(""))) {
            throw invalid(where + "submod", shown(submod), String.join(" or ", SUBMODS));
        }
        return List.of(submod.asString());
    }

    private static Optional<TrustTier> status(String where, JsonNode status) {
        if (status.isMissingNode()) {
            return Optional.empty();
        }
        return Optional.of(TrustTier.ofName(status.asString(""))
                .filter(tier -> tier != TrustTier.AFFIRMING)
                .orElseThrow(() -> invalid(where + "status", shown(status), "none, warning or contraindicated")));
    }

    private static Map<TrustClaim, Integer> claims(String where, JsonNode claims) {
        requireObject(where + "claims", claims);
        Map<TrustClaim, Integer> values = new EnumMap<>(TrustClaim.class);
        claims.properties().forEach(entry -> {
            TrustClaim claim = TrustClaim.ofName(entry.getKey())
                    .orElseThrow(() -> invalid(
                            where + "claims", "'" + entry.getKey() + "'", "claims of AR4SI, such as executables"));
            JsonNode value = entry.getValue();
            if (!value.isInt() || value.asInt() < 2 || value.asInt() > Byte.MAX_VALUE) {
                throw invalid(where + entry.getKey(), shown(value), "2 to 127");
            }
            values.put(claim, value.asInt());
        });
        return values;
    }

    private static Map<String, Object> added(String where, JsonNode added) {
        requireObject(where + "add", added);
        Map<String, Object> claims = new TreeMap<>();
        added.properties().forEach(entry -> {
            String key = entry.getKey();
            if (!PolicyText.isName(key) || key.equals("problem")) {
                throw invalid(where + "add", "'" + key + "'", "names other than problem");
            }
            claims.put(key, scalar(where + key, entry.getValue()));
        });
        return claims;
    }

    private static Object scalar(String where, JsonNode value) {
        if (value.isBoolean()) {
            return value.asBoolean();
        }
        return value.isIntegralNumber() && value.canConvertToLong() ? value.asLong() : text(where, value, MAX_TEXT);
    }

    private static String name(String where, JsonNode node) {
        if (!node.isString() || !PolicyText.isName(node.asString())) {
            throw invalid(where, shown(node), "1 to 63 letters, digits and .-_");
        }
        return node.asString();
    }

    private static String text(String where, JsonNode node, int most) {
        String text = node.isString() ? node.asString().strip() : "";
        if (text.isEmpty() || text.length() > most) {
            throw invalid(where, shown(node), "text of 1 to " + most + " characters");
        }
        return text;
    }

    private static void requireObject(String where, JsonNode node) {
        if (!node.isMissingNode() && !node.isObject()) {
            throw invalid(where, shown(node), "a mapping");
        }
    }

    private static void requireKeys(String where, JsonNode node, Set<String> known) {
        if (node == null || !node.isObject()) {
            throw invalid(where, "no mapping", "a mapping");
        }
        for (String key : node.propertyNames()) {
            if (!known.contains(key)) {
                throw invalid(
                        where,
                        "'" + key + "'",
                        "of " + String.join(", ", known.stream().sorted().toList()));
            }
        }
    }

    private static String shown(JsonNode node) {
        String text = node.isMissingNode() ? "absent" : node.toString();
        return text.length() <= 60 ? text : text.length() + " characters";
    }

    private static PolicyException.Invalid invalid(String what, String got, String expected) {
        return new PolicyException.Invalid(what + ": " + got + " (expected: " + expected + ")");
    }
}
