// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.oci.registry;

import dev.realmesh.oci.BulkInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/// The body of an answer, to be read by one thread, which does not wait for its next byte for ever: the time limit of
/// `java.net.http` ends with the headers. Pieces are asked for one by one, as they are read. Closing it before its end
/// ends the connection.
final class TimedBody extends BulkInputStream implements HttpResponse.BodySubscriber<InputStream> {
    private final Duration idle;
    private final BlockingQueue<Piece> pieces = new LinkedBlockingQueue<>();
    private final CompletableFuture<Flow.Subscription> subscription = new CompletableFuture<>();
    private Iterator<ByteBuffer> buffers = List.<ByteBuffer>of().iterator();
    private ByteBuffer current = ByteBuffer.allocate(0);
    private boolean ended;
    private Optional<IOException> failure = Optional.empty();

    private TimedBody(Duration idle) {
        this.idle = idle;
    }

    /// Bodies that may stand still for so long.
    static HttpResponse.BodyHandler<InputStream> idleAtMost(Duration idle) {
        return response -> new TimedBody(idle);
    }

    @Override
    public CompletionStage<InputStream> getBody() {
        return CompletableFuture.completedStage(this);
    }

    @Override
    public void onSubscribe(Flow.Subscription given) {
        subscription.complete(given);
        given.request(1);
    }

    @Override
    public void onNext(List<ByteBuffer> content) {
        pieces.add(new Bytes(content));
    }

    @Override
    public void onError(Throwable cause) {
        pieces.add(new Broken(cause));
    }

    @Override
    public void onComplete() {
        pieces.add(new End());
    }

    /// @throws HttpTimeoutException if nothing has come for too long
    /// @throws IOException if the connection broke off, now or before
    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
        if (length == 0) {
            return 0;
        }
        while (!current.hasRemaining()) {
            if (buffers.hasNext()) {
                current = buffers.next();
            } else if (ended) {
                return -1;
            } else {
                advance();
            }
        }
        int read = Math.min(length, current.remaining());
        current.get(target, offset, read);
        return read;
    }

    @Override
    public void close() {
        fail(new IOException("closed"));
    }

    /// Waits for the next piece.
    private void advance() throws IOException {
        if (failure.isPresent()) {
            throw new IOException(failure.get().getMessage(), failure.get());
        }
        switch (take()) {
            case Bytes bytes -> {
                buffers = bytes.content.iterator();
                var unused = subscription.thenAccept(given -> given.request(1));
            }
            case End end -> ended = true;
            case Broken broken -> throw fail(new IOException("broke off, " + broken.cause.getMessage(), broken.cause));
        }
    }

    private Piece take() throws IOException {
        try {
            Piece next = pieces.poll(idle.toMillis(), TimeUnit.MILLISECONDS);
            if (next == null) {
                throw fail(new HttpTimeoutException("no byte for " + idle.toMillis() + " ms"));
            }
            return next;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw fail(new IOException("not read to its end, interrupted", e));
        }
    }

    private IOException fail(IOException cause) {
        failure = failure.or(() -> Optional.of(cause));
        current = ByteBuffer.allocate(0);
        buffers = List.<ByteBuffer>of().iterator();
        var unused = subscription.thenAccept(Flow.Subscription::cancel);
        return cause;
    }

    private sealed interface Piece {}

    private record Bytes(List<ByteBuffer> content) implements Piece {}

    private record End() implements Piece {}

    private record Broken(Throwable cause) implements Piece {}
}
