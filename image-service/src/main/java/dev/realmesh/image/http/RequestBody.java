// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.image.http;

import dev.realmesh.oci.BulkInputStream;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import java.io.IOException;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

/// A request's body for a thread that may block. Pieces are asked for one by one, so that no more of them are in memory
/// than the connection has read ahead. Made on the event loop, read on another thread.
final class RequestBody extends BulkInputStream {
    private final HttpServerRequest request;
    private final BlockingQueue<Piece> pieces = new LinkedBlockingQueue<>();
    private Buffer current = Buffer.buffer();
    private int position;
    private boolean ended;
    private boolean isBroken;

    RequestBody(HttpServerRequest request) {
        this.request = request;
        request.pause();
        request.handler(bytes -> pieces.add(new Bytes(bytes)));
        request.endHandler(nothing -> pieces.add(new End()));
        request.exceptionHandler(cause -> pieces.add(new Broken(cause)));
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
        if (length == 0) {
            return 0;
        }
        if (position == current.length() && !advance()) {
            return -1;
        }
        int read = Math.min(length, current.length() - position);
        current.getBytes(position, position + read, buffer, offset);
        position += read;
        return read;
    }

    /// Whether all of it was read.
    boolean isEnded() {
        return ended || request.isEnded();
    }

    /// Whether the client has gone in the middle of it.
    boolean isBroken() {
        return isBroken;
    }

    private boolean advance() throws IOException {
        while (!ended && position == current.length()) {
            request.fetch(1);
            switch (take()) {
                case Bytes bytes -> {
                    current = bytes.content;
                    position = 0;
                }
                case End end -> ended = true;
                case Broken broken -> {
                    isBroken = true;
                    throw new IOException("request: broke off", broken.cause);
                }
            }
        }
        return !ended;
    }

    private Piece take() throws IOException {
        try {
            return pieces.take();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("request: not read to its end, the server is closing", e);
        }
    }

    private sealed interface Piece {}

    private record Bytes(Buffer content) implements Piece {}

    private record End() implements Piece {}

    private record Broken(Throwable cause) implements Piece {}
}
