// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.attestation.veraison;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.realmesh.testkit.Vectors;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.function.UnaryOperator;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Answers as a real Veraison answered when it was recorded, unless an answer is changed.
final class RecordedVeraison implements AutoCloseable {
    static final String DISCOVERY = "GET /.well-known/veraison/verification";
    static final String NEW_SESSION = "POST /challenge-response/v1/newSession";
    static final String EVIDENCE = "POST /challenge-response/v1/session";
    static final String DELETE = "DELETE /challenge-response/v1/session";

    final List<String> requests = new CopyOnWriteArrayList<>();
    final List<String> authorizations = new CopyOnWriteArrayList<>();
    volatile String cacheControl = "";
    private final HttpServer server;
    private final Map<String, Answer> answers = new HashMap<>();

    /// An answer, and what is done before it is given.
    record Answer(int status, String location, String body, Runnable before) {
        Answer withBody(UnaryOperator<String> change) {
            return new Answer(status, location, change.apply(body), before);
        }

        Answer withStatus(int other) {
            return new Answer(other, location, body, before);
        }

        Answer withLocation(String other) {
            return new Answer(status, other, body, before);
        }

        Answer after(Runnable action) {
            return new Answer(status, location, body, action);
        }
    }

    RecordedVeraison() {
        answers.put(DISCOVERY, recorded("wk-verification"));
        answers.put(NEW_SESSION, recorded("newSession-nonce-unpadded"));
        answers.put(EVIDENCE, recorded("evidence-cmw+json"));
        answers.put(DELETE, recorded("session-delete"));
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/", this::answer);
        server.start();
    }

    URI uri() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    /// Changes an answer from now on.
    void change(String request, UnaryOperator<Answer> change) {
        answers.compute(request, (key, answer) -> change.apply(answer));
    }

    private static Answer recorded(String name) {
        JsonNode exchange = JsonMapper.shared()
                .readTree(Vectors.bytes("attestation/http-api.json"))
                .valueStream()
                .filter(each -> each.get("name").asString().equals(name))
                .findFirst()
                .orElseThrow();
        return new Answer(
                exchange.get("status").asInt(),
                exchange.get("headers").path("Location").asString(""),
                exchange.get("body").asString(),
                () -> {});
    }

    private void answer(HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().getPath();
        String request = exchange.getRequestMethod() + " " + path.replaceFirst("/session/.*", "/session");
        requests.add(request);
        authorizations.add(String.valueOf(exchange.getRequestHeaders().getFirst("Authorization")));
        exchange.getRequestBody().readAllBytes();
        Answer answer = answers.get(request);
        answer.before().run();
        if (!answer.location().isEmpty()) {
            exchange.getResponseHeaders().add("Location", answer.location());
        }
        if (!cacheControl.isEmpty()) {
            exchange.getResponseHeaders().add("Cache-Control", cacheControl);
        }
        byte[] body = answer.body().getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(answer.status(), body.length == 0 ? -1 : body.length);
        exchange.getResponseBody().write(body);
        exchange.close();
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
