// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.image.http;

import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/// One request and its answer, in the words that the handlers need.
final class Exchange {
    private final HttpExchange http;

    Exchange(HttpExchange http) {
        this.http = http;
    }

    String method() {
        return http.getRequestMethod();
    }

    Optional<String> header(String name) {
        return Optional.ofNullable(http.getRequestHeaders().getFirst(name));
    }

    /// A parameter of the query, decoded.
    Optional<String> query(String name) {
        String query = http.getRequestURI().getRawQuery();
        if (query == null) {
            return Optional.empty();
        }
        for (String pair : query.split("&", 32)) {
            if (pair.startsWith(name + "=")) {
                return Optional.of(URLDecoder.decode(pair.substring(name.length() + 1), StandardCharsets.UTF_8));
            }
        }
        return Optional.empty();
    }

    InputStream body() {
        return http.getRequestBody();
    }

    Exchange set(String header, String value) {
        http.getResponseHeaders().set(header, value);
        return this;
    }

    /// Answers without a body.
    void answer(int status) throws IOException {
        http.sendResponseHeaders(status, -1);
    }

    /// Answers with a body, or to HEAD with what its headers would be.
    void answer(int status, byte[] body) throws IOException {
        OutputStream out = start(status, body.length);
        out.write(body);
    }

    /// Begins an answer of that length; to HEAD what is written goes nowhere.
    OutputStream start(int status, long length) throws IOException {
        if (method().equals("HEAD")) {
            set("Content-Length", Long.toString(length));
            http.sendResponseHeaders(status, -1);
            return OutputStream.nullOutputStream();
        }
        http.sendResponseHeaders(status, length == 0 ? -1 : length);
        return length == 0 ? OutputStream.nullOutputStream() : http.getResponseBody();
    }

    boolean isAnswered() {
        return http.getResponseCode() != -1;
    }
}
