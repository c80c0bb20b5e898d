// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.mesh.config;

import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.MissingNode;
import tools.jackson.databind.node.StringNode;

/// Binds trees of YAML to records. Goes on after a mistake, to find them all; what is bound wrong is null.
final class RecordBinder {
    private static final String PREFIX = "REALMESH_";

    private final Map<String, String> environment;
    private final List<String> mistakes;

    RecordBinder(Map<String, String> environment, List<String> mistakes) {
        this.environment = environment;
        this.mistakes = mistakes;
    }

    <T extends Record> @Nullable T record(String path, JsonNode node, Class<T> type) {
        if (!absent(node) && !node.isObject()) {
            mistakes.add(path + ": not a mapping (expected: keys of " + type.getSimpleName() + ")");
            return null;
        }
        int before = mistakes.size();
        RecordComponent[] components = type.getRecordComponents();
        @Nullable Object[] values = new @Nullable Object[components.length];
        Class<?>[] types = new Class<?>[components.length];
        Set<String> known = new LinkedHashSet<>();
        for (int i = 0; i < components.length; i++) {
            String key = key(components[i].getName());
            known.add(key);
            types[i] = components[i].getType();
            values[i] = component(path + "." + key, node.path(key), components[i]);
        }
        for (String key : node.propertyNames()) {
            if (!known.contains(key)) {
                mistakes.add(path + "." + key + ": unknown key (expected: one of " + String.join(", ", known) + ")");
            }
        }
        return mistakes.size() > before ? null : construct(path, type, types, values);
    }

    private @Nullable Object component(String path, JsonNode given, RecordComponent component) {
        String override = environment.get(variable(path));
        JsonNode node = override == null ? given : StringNode.valueOf(override);
        Default fallback = component.getAnnotation(Default.class);
        if (absent(node) && fallback != null) {
            node = StringNode.valueOf(fallback.value());
        }
        return value(path, node, component.getGenericType());
    }

    private @Nullable Object value(String path, JsonNode node, Type type) {
        if (type instanceof ParameterizedType generic) {
            return generic(path, node, generic);
        }
        Class<?> plain = (Class<?>) type;
        if (plain.isRecord()) {
            return record(path, node, plain.asSubclass(Record.class));
        }
        if (absent(node)) {
            mistakes.add(path + ": missing (expected: " + Values.expectation(plain) + ")");
            return null;
        }
        if (!node.isValueNode()) {
            mistakes.add(path + ": not a single value (expected: " + Values.expectation(plain) + ")");
            return null;
        }
        Optional<Object> parsed = Values.parse(node.asString(), plain);
        if (parsed.isEmpty()) {
            mistakes.add(path + ": " + node.asString() + " (expected: " + Values.expectation(plain) + ")");
        }
        return parsed.orElse(null);
    }

    private @Nullable Object generic(String path, JsonNode node, ParameterizedType type) {
        Class<?> raw = (Class<?>) type.getRawType();
        Type[] arguments = type.getActualTypeArguments();
        if (raw == Optional.class) {
            return absent(node) && !overridden(path) ? Optional.empty() : optional(value(path, node, arguments[0]));
        }
        if (raw == List.class) {
            return list(path, node, arguments[0]);
        }
        if (raw == Map.class) {
            return map(path, node, arguments[1]);
        }
        throw new IllegalArgumentException(path + ": " + type + " (expected: Optional, List or Map)");
    }

    private List<Object> list(String path, JsonNode node, Type element) {
        List<JsonNode> nodes = new ArrayList<>();
        if (node.isArray()) {
            nodes.addAll(node.values());
        } else if (!absent(node)) {
            for (String part : node.asString("").split(",", -1)) {
                if (!part.isBlank()) {
                    nodes.add(StringNode.valueOf(part.strip()));
                }
            }
        }
        List<Object> values = new ArrayList<>();
        for (int i = 0; i < nodes.size(); i++) {
            Object value = value(path + "[" + i + "]", nodes.get(i), element);
            if (value != null) {
                values.add(value);
            }
        }
        return values;
    }

    private Map<String, Object> map(String path, JsonNode node, Type element) {
        Map<String, Object> values = new LinkedHashMap<>();
        for (Map.Entry<String, JsonNode> entry : node.properties()) {
            Object value = value(path + "." + entry.getKey(), entry.getValue(), element);
            if (value != null) {
                values.put(entry.getKey(), value);
            }
        }
        return values;
    }

    private <T> @Nullable T construct(String path, Class<T> type, Class<?>[] types, @Nullable Object[] values) {
        try {
            Constructor<T> constructor = type.getDeclaredConstructor(types);
            constructor.setAccessible(true);
            return constructor.newInstance(values);
        } catch (InvocationTargetException e) {
            Throwable cause = e.getCause();
            mistakes.add(path + "." + (cause == null ? "" : cause.getMessage()));
            return null;
        } catch (ReflectiveOperationException e) {
            throw new IllegalArgumentException(type + ": no record to bind to", e);
        }
    }

    private static @Nullable Object optional(@Nullable Object value) {
        return value == null ? null : Optional.of(value);
    }

    /// Whether the environment says anything inside of `path`.
    private boolean overridden(String path) {
        String inside = variable(path) + "_";
        return environment.keySet().stream().anyMatch(name -> name.startsWith(inside));
    }

    private static boolean absent(JsonNode node) {
        return node instanceof MissingNode || node.isNull();
    }

    private static String key(String component) {
        return component.replaceAll("([A-Z])", "-$1").toLowerCase(Locale.ROOT);
    }

    private static String variable(String path) {
        return PREFIX + path.replaceAll("[^A-Za-z0-9]", "_").toUpperCase(Locale.ROOT);
    }
}
