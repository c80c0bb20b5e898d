// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.policy.opa;

import dev.realmesh.policy.opa.RecordedOpa.Answer;
import dev.realmesh.policy.opa.RecordedOpa.Mode;
import dev.realmesh.policy.opa.RecordedOpa.Request;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Exchanges with a real OPA, in the resources: `{"preamble": …, "exchanges": [{method, path, body, status, answer}]}`.
/// The
/// end that most bodies have in common is there once; `@PREAMBLE@` stands for it, and in it `@ID@` for the policy's id.
public final class Recording {
    private static final JsonMapper JSON = JsonMapper.shared();
    private static final Path SOURCE = Path.of("src/test/resources/opa");
    private static final Path TARGET = Path.of("target/test-classes/opa");
    private static final String MARK = "@PREAMBLE@";
    private static final String ID = "@ID@";

    private Recording() {}

    /// Exchanges in their order; policies come before what is asked of them.
    public static Map<Request, Answer> read(Mode mode) {
        Map<Request, Answer> exchanges = new LinkedHashMap<>();
        try (InputStream file = Recording.class.getResourceAsStream("/opa/" + mode.fileName())) {
            JsonNode recording = file == null ? JSON.createObjectNode() : JSON.readTree(file);
            String preamble = recording.path("preamble").asString("");
            for (JsonNode each : recording.path("exchanges")) {
                String path = each.get("path").asString();
                String body = each.get("body").asString().replace(MARK, preamble.replace(ID, id(path)));
                exchanges.put(
                        new Request(each.get("method").asString(), path, body),
                        new Answer(
                                each.get("status").asInt(), each.get("answer").asString()));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return exchanges;
    }

    /// Writes what was there, and after it what is new.
    static void add(RegoFrame frame, Mode mode, Map<Request, Answer> exchanges) {
        Map<Request, Answer> all = read(mode);
        exchanges.entrySet().stream()
                .sorted(Map.Entry.comparingByKey(Comparator.comparing(Request::method)
                        .reversed()
                        .thenComparing(Request::path)
                        .thenComparing(Request::body)))
                .forEach(exchange -> all.putIfAbsent(exchange.getKey(), exchange.getValue()));
        ObjectNode recording = JSON.createObjectNode().put("preamble", frame.preamble());
        ArrayNode list = recording.putArray("exchanges");
        all.forEach((request, answer) -> list.addObject()
                .put("method", request.method())
                .put("path", request.path())
                .put("body", request.body().replace(frame.preamble(id(request.path())), MARK))
                .put("status", answer.status())
                .put("answer", answer.body()));
        try {
            String text = JSON.writerWithDefaultPrettyPrinter().writeValueAsString(recording) + "\n";
            Files.createDirectories(SOURCE);
            Path file = Files.writeString(SOURCE.resolve(mode.fileName()), text);
            Files.createDirectories(TARGET);
            Files.copy(file, TARGET.resolve(mode.fileName()), StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String id(String path) {
        return path.substring(path.lastIndexOf('/') + 1);
    }
}
