// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.oci.unpack;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;

/// Reads a stream on a thread of its own, so that what makes the bytes and what takes them work at the same time; at
/// most so many bytes ahead. Failures of the source come where its next byte would have come. For one reader.
final class ReadAhead extends InputStream {
    private static final int CHUNK_BYTES = 64 << 10;

    private final InputStream source;
    private final BlockingQueue<Piece> pieces;
    private final Thread reader;
    private Piece current = new Piece.Bytes(new byte[0], 0);
    private int position;
    private long count;

    private ReadAhead(InputStream source, int chunks) {
        this.source = source;
        this.pieces = new ArrayBlockingQueue<>(chunks);
        this.reader = Thread.ofVirtual().name("read-ahead").unstarted(this::fill);
    }

    /// Starts to read.
    ///
    /// @param source closed with this; its reads must end when their thread is interrupted
    /// @param maxBytes that are held at once, in units of 64 KiB
    static ReadAhead of(InputStream source, int maxBytes) {
        ReadAhead started = new ReadAhead(source, Math.max(1, maxBytes / CHUNK_BYTES));
        started.reader.start();
        return started;
    }

    /// How many bytes were taken out.
    long count() {
        return count;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
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
                    if (position < bytes.length()) {
                        return take(bytes, buffer, offset, length);
                    }
                    current = next();
                    position = 0;
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
        reader.interrupt();
        boolean interrupted = false;
        while (reader.isAlive()) {
            try {
                reader.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private int take(Piece.Bytes bytes, byte[] buffer, int offset, int length) {
        int taken = Math.min(length, bytes.length() - position);
        System.arraycopy(bytes.content(), position, buffer, offset, taken);
        position += taken;
        count += taken;
        return taken;
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
                pieces.put(new Piece.Bytes(chunk, length));
            }
        } catch (IOException | RuntimeException e) {
            return new Piece.End(Optional.of(e));
        }
    }

    /// What goes from thread to thread.
    private sealed interface Piece {
        /// Bytes that came; `content` is not changed any more.
        record Bytes(
                @SuppressWarnings("ArrayRecordComponent") byte[] content, int length) implements Piece {}

        /// There is nothing more, or the source failed.
        record End(Optional<Exception> failure) implements Piece {
            int answer() throws IOException {
                if (failure.isEmpty()) {
                    return -1;
                }
                if (failure.get() instanceof RuntimeException unchecked) {
                    throw unchecked;
                }
                throw new IOException(failure.get().getMessage(), failure.get());
            }
        }
    }
}
