// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.oci.unpack;

import dev.realmesh.oci.BulkInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/// Reads a stream on a thread of its own, so that what makes the bytes and what takes them work at the same time; at
/// most so many bytes ahead. Failures of the source come where its next byte would have come. For one reader.
final class ReadAhead extends BulkInputStream {
    private static final int CHUNK_BYTES = 64 << 10;

    private final InputStream source;
    private final BlockingQueue<Piece> pieces;
    private final ExecutorService reader = Executors.newVirtualThreadPerTaskExecutor();
    private Piece current = new Piece.Bytes(ByteBuffer.allocate(0));
    private long count;

    private ReadAhead(InputStream source, int chunks) {
        this.source = source;
        this.pieces = new ArrayBlockingQueue<>(chunks);
    }

    /// Starts to read.
    ///
    /// @param source closed with this; its reads must end when their thread is interrupted
    /// @param maxBytes that are held at once, in units of 64 KiB
    static ReadAhead of(InputStream source, int maxBytes) {
        ReadAhead started = new ReadAhead(source, Math.max(1, maxBytes / CHUNK_BYTES));
        started.reader.execute(started::fill);
        return started;
    }

    /// How many bytes were taken out.
    long count() {
        return count;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
        if (length == 0) {
            return 0;
        }
        while (true) {
            switch (current) {
                case Piece.End end -> {
                    return end.answer();
                }
                case Piece.Bytes bytes -> {
                    int taken = Math.min(length, bytes.content().remaining());
                    if (taken > 0) {
                        bytes.content().get(buffer, offset, taken);
                        count += taken;
                        return taken;
                    }
                    current = next();
                }
            }
        }
    }

    @Override
    public void close() throws IOException {
        stop();
        source.close();
    }

    /// Stops reading; returns once the source is not read any more.
    void stop() {
        reader.shutdownNow();
        reader.close();
    }

    private Piece next() throws InterruptedIOException {
        try {
            return pieces.take();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted");
        }
    }

    private void fill() {
        try {
            pieces.put(fillToEnd());
        } catch (InterruptedException closed) {
            Thread.currentThread().interrupt();
        }
    }

    private Piece fillToEnd() throws InterruptedException {
        try {
            while (true) {
                byte[] chunk = new byte[CHUNK_BYTES];
                int length = source.readNBytes(chunk, 0, chunk.length);
                if (length == 0) {
                    return new Piece.End(Optional.empty());
                }
                pieces.put(new Piece.Bytes(ByteBuffer.wrap(chunk, 0, length)));
            }
        } catch (IOException | RuntimeException | Error e) {
            return new Piece.End(Optional.of(e));
        }
    }

    /// What goes from thread to thread.
    private sealed interface Piece {
        /// Bytes that came, from the buffer's position to its limit.
        record Bytes(ByteBuffer content) implements Piece {}

        /// There is nothing more, or the source failed.
        record End(Optional<Throwable> failure) implements Piece {
            int answer() throws IOException {
                if (failure.isEmpty()) {
                    return -1;
                }
                if (failure.get() instanceof RuntimeException unchecked) {
                    throw unchecked;
                }
                if (failure.get() instanceof Error error) {
                    throw error;
                }
                throw new IOException(failure.get().getMessage(), failure.get());
            }
        }
    }
}
