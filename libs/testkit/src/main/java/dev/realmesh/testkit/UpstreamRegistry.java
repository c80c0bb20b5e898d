// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.testkit;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/// A registry on loopback whose every answer a test decides.
public final class UpstreamRegistry implements AutoCloseable {
    private final HttpServer server;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final Map<String, HttpHandler> answers = new ConcurrentHashMap<>();

    /// Starts to serve; answers 404 to what no test has set.
    public UpstreamRegistry() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.createContext("/", this::handle);
        server.start();
    }

    /// As references have it.
    public String host() {
        return "127.0.0.1:" + server.getAddress().getPort();
    }

    /// The reference of an image here.
    public String image(String name) {
        return host() + "/" + name;
    }

    /// Decides the answer for a path.
    public void on(String path, HttpHandler answer) {
        answers.put(path, answer);
    }

    /// Answers with a text of a type.
    public static HttpHandler text(String mediaType, String body) {
        return http -> {
            http.getResponseHeaders().set("Content-Type", mediaType);
            answer(http, 200, body.getBytes(StandardCharsets.UTF_8));
        };
    }

    /// Answers with a status and nothing else.
    public static HttpHandler status(int status) {
        return http -> answer(http, status, new byte[0]);
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }

    private void handle(HttpExchange http) throws IOException {
        HttpHandler answer = answers.get(http.getRequestURI().getPath());
        if (answer == null) {
            answer(http, 404, new byte[0]);
        } else {
            answer.handle(http);
        }
    }

    private static void answer(HttpExchange http, int status, byte[] body) throws IOException {
        try (http) {
            http.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
            http.getResponseBody().write(body);
        }
    }
}
