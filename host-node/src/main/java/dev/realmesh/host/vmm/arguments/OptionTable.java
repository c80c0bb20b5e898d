// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.host.vmm.arguments;

import dev.realmesh.host.vmm.plan.PlanException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The options that a monitor knows, in the form of GNU and of `clap`: `--name value`, `--name=value`, `-n value`,
/// `-nvalue`, `-n=value`. There are no words without an option.
public final class OptionTable {
    /// How often an option may be there, and whether it has a value.
    enum Kind {
        FLAG,
        COUNT,
        VALUE,
        VALUES
    }

    private final Map<String, String> names = new HashMap<>();
    private final Map<String, Kind> kinds = new HashMap<>();

    /// Options without a value.
    public OptionTable flags(String... options) {
        return add(Kind.FLAG, options);
    }

    /// Options without a value that may be repeated.
    public OptionTable counts(String... options) {
        return add(Kind.COUNT, options);
    }

    /// Options with a value. `short|long` are two names of one, which is asked for by the long one.
    public OptionTable values(String... options) {
        return add(Kind.VALUE, options);
    }

    /// Options with a value that may be repeated.
    public OptionTable repeated(String... options) {
        return add(Kind.VALUES, options);
    }

    private OptionTable add(Kind kind, String... options) {
        for (String option : options) {
            String[] spellings = option.split("\\|", -1);
            String name = spellings[spellings.length - 1];
            for (String spelling : spellings) {
                names.put(spelling, name);
            }
            kinds.put(name, kind);
        }
        return this;
    }

    /// What was given.
    public static final class Given {
        private final Map<String, List<String>> values = new HashMap<>();

        /// Whether the option is there.
        public boolean has(String option) {
            return values.containsKey(option);
        }

        /// Its value, if it is there.
        public Optional<String> find(String option) {
            return all(option).stream().findFirst();
        }

        /// Its values, in the order given.
        public List<String> all(String option) {
            return values.getOrDefault(option, List.of());
        }

        private List<String> of(String option) {
            return values.computeIfAbsent(option, first -> new ArrayList<>());
        }
    }

    /// Reads a command line.
    ///
    /// @throws PlanException.BadArguments if it has an option that is unknown, lacks its value or has one too many, or
    ///     a word that belongs to none
    public Given parse(List<String> arguments) {
        Given given = new Given();
        Deque<String> left = new ArrayDeque<>(arguments);
        while (!left.isEmpty()) {
            String word = left.pop();
            if (word.startsWith("--")) {
                parseLong(word, left, given);
            } else if (word.startsWith("-") && word.length() > 1) {
                parseShort(word, left, given);
            } else {
                throw new PlanException.BadArguments(word + " (expected: an option)");
            }
        }
        return given;
    }

    private void parseLong(String word, Deque<String> left, Given given) {
        int equals = word.indexOf('=');
        String name = known(equals < 0 ? word : word.substring(0, equals));
        if (takesValue(name)) {
            put(given, name, equals < 0 ? next(name, left) : word.substring(equals + 1));
        } else if (equals < 0) {
            put(given, name, "");
        } else {
            throw new PlanException.BadArguments(word + " (expected: " + name + " without a value)");
        }
    }

    private void parseShort(String word, Deque<String> left, Given given) {
        String name = known(word.substring(0, 2));
        String rest = word.substring(2);
        if (!takesValue(name)) {
            put(given, name, "");
            if (!rest.isEmpty()) {
                parseShort("-" + rest, left, given);
            }
        } else if (rest.isEmpty()) {
            put(given, name, next(name, left));
        } else {
            put(given, name, rest.startsWith("=") ? rest.substring(1) : rest);
        }
    }

    private String known(String spelling) {
        String name = names.get(spelling);
        if (name == null) {
            throw new PlanException.BadArguments(spelling + " (expected: an option that Realms can be measured with)");
        }
        return name;
    }

    private boolean takesValue(String name) {
        Kind kind = kinds.get(name);
        return kind == Kind.VALUE || kind == Kind.VALUES;
    }

    private static String next(String name, Deque<String> left) {
        String value = left.poll();
        if (value == null || (value.length() > 1 && value.startsWith("-"))) {
            throw new PlanException.BadArguments(name + " has no value (expected: one)");
        }
        return value;
    }

    private void put(Given given, String name, String value) {
        Kind kind = kinds.get(name);
        List<String> values = given.of(name);
        if (!values.isEmpty() && (kind == Kind.VALUE || kind == Kind.FLAG)) {
            throw new PlanException.BadArguments(name + " is there twice (expected: once)");
        }
        values.add(value);
    }
}
