// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.realm.rest;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.realmesh.kbs.SecretBytes;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The API of one container, by the JDK's own HTTP server. Its socket belongs to the network namespace of the thread
/// that
/// made it, and stays there. Limits of connections and headers are the JDK's, by properties on the guest's command
/// line.
public final class ApiServer implements AutoCloseable {
    /// Where workloads made for Confidential Containers look for it.
    public static final int PORT = 8006;

    private static final Logger LOG = LoggerFactory.getLogger(ApiServer.class);
    private static final byte[] LOOPBACK = {127, 0, 0, 1};
    private static final int BACKLOG = 16;
    private static final int MAX_QUESTIONS = 16;

    private final WorkloadApi api;
    private final HttpServer server;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final Semaphore questions = new Semaphore(MAX_QUESTIONS);

    private ApiServer(WorkloadApi api, HttpServer server) {
        this.api = api;
        this.server = server;
    }

    /// Listens in the calling thread's network namespace.
    static ApiServer listen(WorkloadApi api) {
        return listen(api, PORT);
    }

    /// Likewise.
    ///
    /// @param port 0 for any
    static ApiServer listen(WorkloadApi api, int port) {
        try {
            InetSocketAddress address = new InetSocketAddress(InetAddress.getByAddress(LOOPBACK), port);
            ApiServer listening = new ApiServer(api, HttpServer.create(address, BACKLOG));
            listening.start();
            return listening;
        } catch (IOException e) {
            throw new NotListeningException(port, e);
        }
    }

    /// The loopback port of the namespace, or something on it, is not to be had.
    public static final class NotListeningException extends RuntimeException {
        NotListeningException(int port, IOException cause) {
            super("API of the workload at 127.0.0.1:" + port + ": " + cause.getMessage(), cause);
        }
    }

    int port() {
        return server.getAddress().getPort();
    }

    /// Ends at once, with all connections.
    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }

    private void start() {
        server.setExecutor(threads);
        server.createContext("/", this::handle);
        server.start();
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            Answer answer = questions.tryAcquire() ? admitted(exchange) : Answer.busy();
            try (SecretBytes body = answer.body()) {
                send(exchange, answer, body);
            }
        }
    }

    private Answer admitted(HttpExchange exchange) throws IOException {
        try {
            return answer(exchange);
        } catch (RuntimeException e) {
            LOG.warn("API of the workload: {} failed", exchange.getRequestURI().getPath(), e);
            return Answer.failed("internal error");
        } finally {
            questions.release();
        }
    }

    private Answer answer(HttpExchange exchange) throws IOException {
        if (!exchange.getRemoteAddress().getAddress().isLoopbackAddress()) {
            return Answer.forbidden();
        }
        byte[] body = exchange.getRequestBody().readNBytes(Question.MAX_BODY_BYTES + 1);
        if (body.length > Question.MAX_BODY_BYTES) {
            return Answer.tooLarge();
        }
        Optional<Question> question = question(exchange, new String(body, StandardCharsets.UTF_8));
        return question.map(api::answer).orElseGet(Answer::badRequest);
    }

    private static Optional<Question> question(HttpExchange exchange, String body) {
        var uri = exchange.getRequestURI();
        try {
            var parameters = Question.parameters(Optional.ofNullable(uri.getRawQuery()));
            return Optional.of(new Question(exchange.getRequestMethod(), uri.getRawPath(), parameters, body));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private static void send(HttpExchange exchange, Answer answer, SecretBytes body) throws IOException {
        answer.contentType().ifPresent(type -> exchange.getResponseHeaders().set("Content-Type", type));
        boolean empty = body.length() == 0 || exchange.getRequestMethod().equals("HEAD");
        exchange.sendResponseHeaders(answer.status(), empty ? -1 : body.length());
        if (empty) {
            return;
        }
        byte[] bytes = body.reveal();
        try (OutputStream out = exchange.getResponseBody()) {
            out.write(bytes);
        } finally {
            Arrays.fill(bytes, (byte) 0);
        }
    }
}
