// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.image.http;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.CompletionException;

/// One request and its answer, in the words that the handlers need. Made on the event loop; its methods block, each
/// until its part of the answer is sent.
final class Exchange {
    private static final int MAX_DRAINED_BYTES = 1 << 20;

    private final HttpServerRequest request;
    private final HttpServerResponse response;
    private final RequestBody body;

    Exchange(HttpServerRequest request) {
        this.request = request;
        this.response = request.response();
        this.body = new RequestBody(request);
    }

    String method() {
        return request.method().name();
    }

    Optional<String> header(String name) {
        return Optional.ofNullable(request.getHeader(name));
    }

    /// The path, decoded once; empty if it cannot be.
    Optional<String> path() {
        try {
            return Optional.of(URI.create(request.path()).getPath());
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /// A parameter of the query, decoded.
    Optional<String> query(String name) {
        return Optional.ofNullable(request.params().get(name));
    }

    InputStream body() {
        return body;
    }

    Exchange set(String header, String value) {
        response.putHeader(header, value);
        return this;
    }

    /// Answers without a body.
    void answer(int status) throws IOException {
        await(begin(status).end());
    }

    /// Answers with a body, or to HEAD with what its headers would be.
    void answer(int status, byte[] content) throws IOException {
        begin(status).putHeader(HttpHeaders.CONTENT_LENGTH, Integer.toString(content.length));
        await(isHead() ? response.end() : response.end(Buffer.buffer(content)));
    }

    /// Answers with a part of a file, or to HEAD with what its headers would be.
    void answer(int status, Path file, ByteRange range) throws IOException {
        begin(status).putHeader(HttpHeaders.CONTENT_LENGTH, Long.toString(range.length()));
        boolean empty = isHead() || range.length() == 0;
        await(empty ? response.end() : response.sendFile(file.toString(), range.first(), range.length()));
    }

    /// Whether the client has gone in the middle of its request.
    boolean isBroken() {
        return body.isBroken();
    }

    boolean isAnswered() {
        return response.headWritten() || response.ended();
    }

    /// Reads a little of a body that nobody wanted, so that the client can hear why; if there is more, the connection
    /// ends with the answer.
    private HttpServerResponse begin(int status) throws IOException {
        if (!body.isEnded() && body.readNBytes(MAX_DRAINED_BYTES).length == MAX_DRAINED_BYTES) {
            response.putHeader(HttpHeaders.CONNECTION, HttpHeaders.CLOSE);
        }
        return response.setStatusCode(status);
    }

    private boolean isHead() {
        return method().equals("HEAD");
    }

    private static void await(Future<?> sent) throws IOException {
        try {
            sent.toCompletionStage().toCompletableFuture().join();
        } catch (CompletionException e) {
            throw new IOException("answer: not sent", e.getCause());
        }
    }
}
