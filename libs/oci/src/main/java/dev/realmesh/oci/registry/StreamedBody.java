// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.oci.registry;

import java.io.IOException;
import java.io.OutputStream;
import java.net.http.HttpRequest;
import java.net.http.HttpTimeoutException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Flow;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// A request's body of unknown length that one thread writes while it is sent: each write waits until the connection
/// takes more, so that one piece is in memory.
final class StreamedBody extends OutputStream implements Flow.Publisher<ByteBuffer> {
    private static final int PIECE_BYTES = 64 << 10;

    private final Duration idle;
    private final CompletableFuture<Flow.Subscriber<? super ByteBuffer>> subscriber = new CompletableFuture<>();
    private final Semaphore wanted = new Semaphore(0);
    private volatile boolean cancelled;
    private byte[] piece = new byte[PIECE_BYTES];
    private int filled;

    /// @param idle how long a write waits
    StreamedBody(Duration idle) {
        this.idle = idle;
    }

    /// To be sent once, by chunked transfer coding.
    HttpRequest.BodyPublisher publisher() {
        return HttpRequest.BodyPublishers.fromPublisher(this);
    }

    @Override
    public void subscribe(Flow.Subscriber<? super ByteBuffer> connection) {
        connection.onSubscribe(new Flow.Subscription() {
            @Override
            public void request(long count) {
                wanted.release((int) Math.min(count, 1 << 10));
            }

            @Override
            public void cancel() {
                stop();
            }
        });
        subscriber.complete(connection);
    }

    @Override
    public void write(int value) throws IOException {
        write(new byte[] {(byte) value}, 0, 1);
    }

    /// @throws HttpTimeoutException if the connection takes nothing for too long
    /// @throws IOException if it takes no more
    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        for (int done = 0; done < length; ) {
            int count = Math.min(length - done, PIECE_BYTES - filled);
            System.arraycopy(bytes, offset + done, piece, filled, count);
            filled += count;
            done += count;
            if (filled == PIECE_BYTES) {
                flush();
            }
        }
    }

    @Override
    public void flush() throws IOException {
        if (filled > 0) {
            Flow.Subscriber<? super ByteBuffer> connection = connection();
            connection.onNext(ByteBuffer.wrap(piece, 0, filled));
            piece = new byte[PIECE_BYTES];
            filled = 0;
        }
    }

    /// The end of what is sent.
    @Override
    public void close() throws IOException {
        flush();
        CompletableFuture<Void> unused = subscriber.thenAccept(Flow.Subscriber::onComplete);
    }

    /// Nothing more is sent; a write that waits fails.
    void stop() {
        cancelled = true;
        wanted.release();
    }

    private Flow.Subscriber<? super ByteBuffer> connection() throws IOException {
        try {
            Flow.Subscriber<? super ByteBuffer> connection = subscriber.get(idle.toMillis(), TimeUnit.MILLISECONDS);
            if (!wanted.tryAcquire(idle.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new HttpTimeoutException("takes nothing for " + idle.toMillis() + " ms");
            }
            if (cancelled) {
                throw new IOException("takes no more");
            }
            return connection;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        } catch (TimeoutException e) {
            throw new HttpTimeoutException("no connection within " + idle.toMillis() + " ms");
        } catch (ExecutionException e) {
            throw new IllegalStateException(e);
        }
    }
}
