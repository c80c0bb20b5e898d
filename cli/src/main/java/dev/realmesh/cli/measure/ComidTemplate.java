// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.cli.measure;

import dev.realmesh.cca.Digest;
import dev.realmesh.cli.command.CommandException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// A CoMID in the JSON that `cocli comid create` takes, by the first draft of Realm endorsements
/// (draft-ydb-rats-cca-endorsements-00), as `realm-measurements` writes it. `realmesh corim make` writes the profile
/// that verifiers take today.
final class ComidTemplate {
    private static final JsonMapper JSON =
            JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();
    private static final int FIELD_BYTES = 64;

    private final ObjectNode comid;

    private ComidTemplate(ObjectNode comid) {
        this.comid = comid;
    }

    /// The template in a file; an empty one without.
    ///
    /// @throws CommandException if it is no JSON object
    static ComidTemplate read(@Nullable Path file) throws IOException {
        if (file == null) {
            return new ComidTemplate(JSON.createObjectNode());
        }
        try {
            if (JSON.readTree(Files.readString(file)) instanceof ObjectNode comid) {
                return new ComidTemplate(comid);
            }
        } catch (JacksonException e) {
            throw new CommandException(file + ": no JSON (expected: a CoMID as cocli takes it)", e);
        }
        throw new CommandException(file + ": no object (expected: a CoMID as cocli takes it)");
    }

    /// Replaces the measurements of the first reference value, and writes the whole.
    void write(Measurement measurement, Path file) throws IOException {
        JsonNode first =
                comid.withObject("/triples").withArray("reference-values").path(0);
        ObjectNode reference = first instanceof ObjectNode there
                ? there
                : comid.withObject("/triples").withArray("reference-values").addObject();
        ObjectNode value = reference.putArray("measurements").addObject().putObject("value");
        value.putObject("raw-value")
                .put("type", "bytes")
                .put("value", base64(measurement.personalizationValue().toByteArray()));
        ObjectNode registers = value.putObject("integrity-registers");
        String algorithm = measurement.algorithm().claimName();
        put(registers, "rim", algorithm, measurement.rim());
        for (int i = 0; i < measurement.rems().size(); i++) {
            put(registers, "rem" + i, algorithm, measurement.rems().get(i));
        }
        Files.writeString(file, JSON.writeValueAsString(comid));
    }

    private static void put(ObjectNode registers, String name, String algorithm, Digest digest) {
        registers
                .putObject(name)
                .put("key-type", "text")
                .putArray("value")
                .add(algorithm + ";" + base64(digest.padded(FIELD_BYTES)));
    }

    private static String base64(byte[] bytes) {
        return Base64.getEncoder().encodeToString(bytes);
    }
}
