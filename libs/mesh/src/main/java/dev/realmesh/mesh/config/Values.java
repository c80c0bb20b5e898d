// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.mesh.config;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Single values, from text.
final class Values {
    private static final Pattern DURATION = Pattern.compile("(\\d{1,9})(ms|s|m|h|d)");

    private Values() {}

    /// The value, or nothing if the text is none of `type`.
    static Optional<Object> parse(String text, Class<?> type) {
        try {
            return Optional.ofNullable(parsed(text.strip(), type));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /// What a value of `type` looks like.
    static String expectation(Class<?> type) {
        return switch (type.getSimpleName()) {
            case "int", "Integer", "long", "Long" -> "a whole number";
            case "double", "Double" -> "a number";
            case "boolean", "Boolean" -> "true or false";
            case "Duration" -> "a number with ms, s, m, h or d";
            case "Path" -> "a path";
            case "URI" -> "a URI";
            case "String" -> "text";
            default -> constants(type).collect(Collectors.joining(", "));
        };
    }

    private static @Nullable Object parsed(String text, Class<?> type) {
        return switch (type.getSimpleName()) {
            case "String" -> text;
            case "int", "Integer" -> Integer.valueOf(text);
            case "long", "Long" -> Long.valueOf(text);
            case "double", "Double" -> Double.valueOf(text);
            case "boolean", "Boolean" -> List.of("true", "false").contains(text) ? Boolean.valueOf(text) : null;
            case "Duration" -> duration(text);
            case "Path" -> Path.of(text);
            case "URI" -> URI.create(text);
            default -> constant(text, type);
        };
    }

    private static Duration duration(String text) {
        Matcher matcher = DURATION.matcher(text);
        if (!matcher.matches()) {
            throw new IllegalArgumentException(text);
        }
        long count = Long.parseLong(matcher.group(1));
        return switch (matcher.group(2)) {
            case "ms" -> Duration.ofMillis(count);
            case "s" -> Duration.ofSeconds(count);
            case "m" -> Duration.ofMinutes(count);
            case "h" -> Duration.ofHours(count);
            default -> Duration.ofDays(count);
        };
    }

    private static @Nullable Object constant(String text, Class<?> type) {
        return Arrays.stream(constantsOf(type))
                .filter(constant -> word(constant).equals(text))
                .findFirst()
                .orElse(null);
    }

    private static Stream<String> constants(Class<?> type) {
        return Arrays.stream(constantsOf(type)).map(Values::word);
    }

    private static Object[] constantsOf(Class<?> type) {
        Object[] constants = type.getEnumConstants();
        if (constants == null) {
            throw new IllegalStateException(type + " (expected: a type that configuration can hold)");
        }
        return constants;
    }

    private static String word(Object constant) {
        return ((Enum<?>) constant).name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
