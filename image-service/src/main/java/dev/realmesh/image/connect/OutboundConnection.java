// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.image.connect;

import java.io.IOException;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;

/// One connection outwards: one thread reads, one writes, any closes.
public final class OutboundConnection implements AutoCloseable {
    private final Socket socket;
    private final Duration idle;
    private final Runnable onClose;
    private final AtomicBoolean closed = new AtomicBoolean();
    private volatile long movedAt = System.nanoTime();

    OutboundConnection(Socket socket, Duration idle, Runnable onClose) throws IOException {
        this.socket = socket;
        this.idle = idle;
        this.onClose = onClose;
        socket.setSoTimeout(Math.toIntExact(idle.toMillis()));
    }

    /// Reads what there is, at least a byte.
    ///
    /// @return how many bytes; -1 at the end
    /// @throws IOException if the host breaks off, or nothing has moved in either direction for too long
    public int read(byte[] buffer) throws IOException {
        while (true) {
            try {
                int read = socket.getInputStream().read(buffer);
                moved();
                return read;
            } catch (SocketTimeoutException e) {
                if (System.nanoTime() - movedAt >= idle.toNanos()) {
                    throw new IOException("nothing has moved for " + idle.toSeconds() + " s", e);
                }
            }
        }
    }

    /// Writes all of it.
    public void write(byte[] bytes) throws IOException {
        socket.getOutputStream().write(bytes);
        moved();
    }

    /// Tells the host that there is no more.
    public void endOfOutput() throws IOException {
        socket.shutdownOutput();
    }

    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            closeQuietly(socket);
            onClose.run();
        }
    }

    static void closeQuietly(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            // It is gone either way.
        }
    }

    private void moved() {
        movedAt = System.nanoTime();
    }
}
