// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.mesh.config;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.MissingNode;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.dataformat.yaml.YAMLMapper;

/// One YAML file, with overrides from the environment, that is bound to records section by section.
///
/// Keys are the names of record components in lower case with dashes. A component without [Default] that is not
/// [java.util.Optional] is required. The variable `REALMESH_KEY_BROKER_MAX_EVIDENCE_BYTES` overrides the key
/// `max-evidence-bytes` of section `key-broker`; lists are separated by commas there. Durations have a unit:
/// `500ms`, `30s`, `5m`, `2h`.
public final class Configuration {
    private static final long MAX_FILE_BYTES = 1 << 20;

    private final JsonNode root;
    private final Map<String, String> environment;

    private Configuration(JsonNode root, Map<String, String> environment) {
        this.root = root;
        this.environment = Map.copyOf(environment);
    }

    /// Reads a file.
    ///
    /// @throws ConfigException if it cannot be read or is not a YAML mapping
    public static Configuration load(Path file, Map<String, String> environment) {
        try {
            long size = Files.size(file);
            if (size > MAX_FILE_BYTES) {
                throw mistake(file + ": " + size + " bytes (expected: at most " + MAX_FILE_BYTES + ")");
            }
            return parse(Files.readString(file), environment);
        } catch (IOException e) {
            throw mistake(file + ": not readable (expected: a YAML file)");
        }
    }

    /// Takes `yaml` itself; empty text is an empty configuration.
    public static Configuration parse(String yaml, Map<String, String> environment) {
        try {
            JsonNode root = YAMLMapper.builder().build().readTree(yaml);
            if (root == null || root.isMissingNode() || root.isNull()) {
                return new Configuration(MissingNode.getInstance(), environment);
            }
            if (!root.isObject()) {
                throw mistake("configuration: not a mapping (expected: sections)");
            }
            return new Configuration(root, environment);
        } catch (JacksonException e) {
            throw mistake("configuration: line " + e.getLocation().getLineNr() + " is not YAML");
        }
    }

    /// Binds a section.
    ///
    /// @throws ConfigException if a key is missing, unknown or has a value that the record does not take
    public <T extends Record> T bind(String section, Class<T> type) {
        List<String> mistakes = new ArrayList<>();
        T bound = new RecordBinder(environment, mistakes).record(section, root.path(section), type);
        if (bound == null || !mistakes.isEmpty()) {
            throw new ConfigException(mistakes);
        }
        return bound;
    }

    /// This, with values for keys that the file does not have. Where it says that a section is nothing (`rest:`), that
    /// stands.
    ///
    /// @param defaults value by path, such as `section.key`
    public Configuration withDefaults(Map<String, String> defaults) {
        ObjectNode complete =
                root instanceof ObjectNode sections ? sections.deepCopy() : JsonNodeFactory.instance.objectNode();
        defaults.forEach((path, value) -> {
            List<String> keys = List.of(path.split("\\."));
            JsonNode section = complete;
            for (String key : keys.subList(0, keys.size() - 1)) {
                section = section instanceof ObjectNode keyed && !keyed.has(key)
                        ? keyed.putObject(key)
                        : section.path(key);
            }
            if (section instanceof ObjectNode keyed && !keyed.has(keys.getLast())) {
                keyed.put(keys.getLast(), value);
            }
        });
        return new Configuration(complete, environment);
    }

    private static ConfigException mistake(String message) {
        return new ConfigException(List.of(message));
    }
}
