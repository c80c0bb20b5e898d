// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.cli.measure;

import dev.realmesh.cca.Bytes;
import dev.realmesh.cca.Digest;
import dev.realmesh.cca.RealmPersonalizationValue;
import dev.realmesh.cca.abi.HashAlgorithm;
import dev.realmesh.cca.abi.RealmFeatures;
import dev.realmesh.cli.command.CommandException;
import dev.realmesh.cli.measure.Measurement.Created;
import dev.realmesh.cli.measure.Measurement.Loaded;
import dev.realmesh.cli.measure.Measurement.Operation;
import dev.realmesh.cli.measure.Measurement.RamInitialized;
import dev.realmesh.cli.measure.Measurement.RecCreated;
import dev.realmesh.cli.measure.MeasurementDifference.Difference;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Measurements in JSON. Digests of a Realm are 64 bytes, zero after their end, as the RMM keeps and
/// `realm-measurements` prints them; operations have the names of the project's vectors.
public final class MeasurementJson {
    private static final JsonMapper JSON =
            JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();
    private static final int FIELD_BYTES = 64;
    private static final long MAX_FILE_BYTES = 256L << 20;

    private MeasurementJson() {}

    static String write(Measurement measurement) {
        ObjectNode json = JSON.createObjectNode().put("rim", hex(measurement.rim()));
        ArrayNode rems = json.putArray("rem");
        measurement.rems().forEach(rem -> rems.add(hex(rem)));
        json.put("algorithm", measurement.algorithm().claimName());
        json.put(
                "rpv",
                HexFormat.of().formatHex(measurement.personalizationValue().toByteArray()));
        if (!measurement.operations().isEmpty()) {
            ArrayNode operations = json.putArray("operations");
            measurement.operations().forEach(operation -> operations.add(write(operation)));
        }
        return JSON.writeValueAsString(json);
    }

    static String write(List<Difference> differences) {
        ArrayNode json = JSON.createArrayNode();
        differences.forEach(each -> json.addObject()
                .put("where", each.where())
                .put("first", each.first())
                .put("second", each.second()));
        return JSON.writeValueAsString(json);
    }

    private static ObjectNode write(Operation operation) {
        ObjectNode json = JSON.createObjectNode();
        switch (operation) {
            case Created created -> write(json.put("op", "REALM_CREATE"), created.features());
            case RamInitialized ram ->
                json.put("op", "INIT_RIPAS").put("base", address(ram.base())).put("top", address(ram.top()));
            case Loaded loaded -> write(json.put("op", "DATA_CREATE"), loaded);
            case RecCreated rec -> {
                json.put("op", "REC_CREATE").put("flags", 1).put("pc", address(rec.pc()));
                ArrayNode registers = json.putArray("gprs");
                rec.registers().forEach(value -> registers.add(address(value)));
            }
        }
        return json.put("rim", hex(operation.rim()));
    }

    private static void write(ObjectNode json, RealmFeatures features) {
        json.put("flags", features.flags())
                .put("s2sz", features.s2sz())
                .put("sve_vl", features.sveVl())
                .put("num_bps", features.numBps())
                .put("num_wps", features.numWps())
                .put("pmu_num_ctrs", features.pmuNumCtrs())
                .put("hash_algo", features.hashAlgo());
    }

    private static void write(ObjectNode json, Loaded loaded) {
        json.put("blob", loaded.name())
                .put("loadAddress", address(loaded.address()))
                .put("size", loaded.size())
                .put("measured", loaded.measured());
        if (loaded.measured()) {
            json.put("pages", loaded.pages().encoded().base64());
        }
        if (!loaded.content().isEmpty()) {
            json.put("content", loaded.content().base64());
        }
    }

    private static String hex(Digest digest) {
        return HexFormat.of().formatHex(digest.padded(FIELD_BYTES));
    }

    private static String address(long value) {
        return "0x" + Long.toHexString(value);
    }

    /// Reads a file that `realmesh measure --json` wrote.
    ///
    /// @throws CommandException if it is none
    public static Measurement read(Path file) {
        try {
            if (Files.size(file) > MAX_FILE_BYTES) {
                throw new CommandException(file + ": over 256 MiB (expected: output of realmesh measure --json)");
            }
            return read(JSON.readTree(Files.readString(file)));
        } catch (IOException e) {
            throw new CommandException(file + ": cannot be read (expected: output of realmesh measure --json)", e);
        } catch (JacksonException | IllegalArgumentException e) {
            throw new CommandException(
                    file + ": " + firstLine(e) + " (expected: output of realmesh measure --json)", e);
        }
    }

    private static String firstLine(Exception e) {
        return String.valueOf(e.getMessage()).lines().findFirst().orElse("broken");
    }

    private static Measurement read(JsonNode json) {
        HashAlgorithm algorithm = Arrays.stream(HashAlgorithm.values())
                .filter(each -> each.claimName().equals(json.path("algorithm").asString("")))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no algorithm"));
        List<Digest> rems = new ArrayList<>();
        required(json, "rem").forEach(rem -> rems.add(digest(algorithm, rem)));
        List<Operation> operations = new ArrayList<>();
        json.path("operations").forEach(operation -> operations.add(operation(algorithm, operation)));
        return new Measurement(
                algorithm,
                digest(algorithm, required(json, "rim")),
                rems,
                RealmPersonalizationValue.of(
                        HexFormat.of().parseHex(required(json, "rpv").stringValue())),
                operations);
    }

    private static JsonNode required(JsonNode json, String name) {
        JsonNode value = json.get(name);
        if (value == null) {
            throw new IllegalArgumentException("no " + name);
        }
        return value;
    }

    private static Digest digest(HashAlgorithm algorithm, JsonNode hex) {
        return Digest.copyOf(Arrays.copyOf(HexFormat.of().parseHex(hex.stringValue()), algorithm.digestSize()));
    }

    private static Operation operation(HashAlgorithm algorithm, JsonNode json) {
        Digest rim = digest(algorithm, required(json, "rim"));
        return switch (required(json, "op").stringValue()) {
            case "REALM_CREATE" -> new Created(features(json), rim);
            case "INIT_RIPAS" -> new RamInitialized(number(json, "base"), number(json, "top"), rim);
            case "DATA_CREATE" ->
                new Loaded(
                        required(json, "blob").stringValue(),
                        number(json, "loadAddress"),
                        required(json, "size").longValue(),
                        required(json, "measured").booleanValue(),
                        new PageChecksums(base64(json, "pages")),
                        base64(json, "content"),
                        rim);
            case "REC_CREATE" -> new RecCreated(number(json, "pc"), numbers(required(json, "gprs")), rim);
            default -> throw new IllegalArgumentException("operation " + json.get("op"));
        };
    }

    private static RealmFeatures features(JsonNode json) {
        return new RealmFeatures(
                required(json, "flags").longValue(),
                required(json, "s2sz").intValue(),
                required(json, "sve_vl").intValue(),
                required(json, "num_bps").intValue(),
                required(json, "num_wps").intValue(),
                required(json, "pmu_num_ctrs").intValue(),
                required(json, "hash_algo").intValue());
    }

    private static long number(JsonNode json, String name) {
        return Long.decode(required(json, name).stringValue());
    }

    private static List<Long> numbers(JsonNode json) {
        List<Long> numbers = new ArrayList<>();
        json.forEach(each -> numbers.add(Long.decode(each.stringValue())));
        return numbers;
    }

    private static Bytes base64(JsonNode json, String name) {
        return Bytes.copyOf(Base64.getDecoder().decode(json.path(name).asString("")));
    }
}
