// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.policy.opa;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;

/// Answers as a real OPA (1.22.4) answered when it was recorded, and, as one does, `{}` to who asks for a policy that
/// was
/// not put to it. What was not recorded is answered 501.
///
/// With `-Drealmesh.opa.record=FOLDER`, where FOLDER has the executable `opa`, a real one is asked, and what is new in
/// its
/// answers is added to the recording in `src/test/resources/opa` of the module whose tests run.
public final class RecordedOpa implements AutoCloseable {
    /// Requests as `METHOD path`.
    public final List<String> requests = new CopyOnWriteArrayList<>();

    public final List<String> authorizations = new CopyOnWriteArrayList<>();
    private final RegoFrame frame;
    private final Mode mode;
    private final String policies;
    private final String data;
    private final Map<Request, Answer> recorded;
    private final int known;
    private final Set<String> loaded = ConcurrentHashMap.newKeySet();
    private final HttpServer server;
    private final Optional<OpaProcess> real;
    private volatile Optional<Fault> fault = Optional.empty();

    /// How the OPA was started.
    public enum Mode {
        /// `opa run --server --v0-compatible`
        V0_COMPATIBLE,
        /// `opa run --server`
        PLAIN;

        /// The file of its recording.
        public String fileName() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-') + ".json";
        }
    }

    /// What OPA is sent.
    public record Request(String method, String path, String body) {}

    /// What it answers.
    public record Answer(int status, String body) {}

    /// What is answered instead of what was recorded; may block.
    public interface Fault {
        Answer answer(Request request);
    }

    private RecordedOpa(RegoFrame frame, Mode mode) {
        this.frame = frame;
        this.mode = mode;
        this.policies = "/v1/policies/" + frame.folder();
        this.data = "/v1/data/" + frame.folder() + "p";
        this.recorded = new ConcurrentHashMap<>(Recording.read(mode));
        this.known = recorded.size();
        this.real = Optional.ofNullable(System.getProperty("realmesh.opa.record"))
                .map(folder -> OpaProcess.start(Path.of(folder, "opa"), mode));
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/", this::answer);
        server.start();
    }

    /// An OPA that takes Rego v0 too.
    public static RecordedOpa start(RegoFrame frame) {
        return start(frame, Mode.V0_COMPATIBLE);
    }

    /// An OPA that was started so, for the policies of a service.
    public static RecordedOpa start(RegoFrame frame, Mode mode) {
        return new RecordedOpa(frame, mode);
    }

    /// Base URL.
    public URI uri() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    /// Loses its policies, as in a restart.
    public void restart() {
        loaded.clear();
    }

    /// Is in trouble from now on: 503.
    public void goAway() {
        fail(request -> new Answer(503, ""));
    }

    /// Answers otherwise from now on.
    public void fail(Fault next) {
        fault = Optional.of(next);
    }

    /// Answers as recorded again.
    public void comeBack() {
        fault = Optional.empty();
    }

    @Override
    public void close() {
        server.stop(0);
        real.ifPresent(opa -> {
            opa.close();
            if (recorded.size() > known) {
                Recording.add(frame, mode, recorded);
            }
        });
    }

    private void answer(HttpExchange exchange) throws IOException {
        String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        Request request = new Request(
                exchange.getRequestMethod(), exchange.getRequestURI().getPath(), body);
        requests.add(request.method() + " " + request.path());
        authorizations.add(String.valueOf(exchange.getRequestHeaders().getFirst("Authorization")));
        Answer answer = fault.map(each -> each.answer(request)).orElseGet(() -> answer(request));
        byte[] bytes = answer.body().getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(answer.status(), bytes.length == 0 ? -1 : bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }

    /// As it is without a fault.
    public Answer answer(Request request) {
        return switch (request.method()) {
            case "PUT" -> {
                Answer answer = asRecorded(request);
                if (answer.status() == 200) {
                    loaded.add(request.path().substring(policies.length()));
                }
                yield answer;
            }
            case "GET" -> new Answer(200, "{}"); // its health
            case "DELETE" ->
                // Not asked of a real one: it may be the same policy that is asked for again.
                loaded.remove(request.path().substring(policies.length()))
                        ? new Answer(200, "{}")
                        : new Answer(404, "{\"code\":\"resource_not_found\"}");
            default ->
                loaded.contains(request.path().substring(data.length()).replace("/outcome", ""))
                        ? asRecorded(request)
                        : new Answer(200, "{}");
        };
    }

    private Answer asRecorded(Request request) {
        if (real.isPresent()) {
            Answer answer = real.get().send(request);
            recorded.put(request, answer);
            return answer;
        }
        return Optional.ofNullable(recorded.get(request))
                .orElse(new Answer(501, "not recorded: " + request.method() + " " + request.path()));
    }
}
