// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.realm.terminal;

import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.concurrent.locks.ReentrantReadWriteLock;

/// The master's side of a pseudo terminal (pty(7)), whose other side is a container's. It ends when nobody has the
/// other side open any more. Waits on platform threads, in steps, so that it can be closed under who waits;
/// thread-safe.
public final class PseudoTerminal implements AutoCloseable {
    private static final int STEP_MILLIS = 200;
    private static final int CHUNK_BYTES = 4096;

    private final int master;
    private final ReentrantReadWriteLock use = new ReentrantReadWriteLock();
    private boolean closed;

    PseudoTerminal(int master) {
        this.master = master;
        Posix.setNonBlocking(master);
    }

    /// Sets the size; the foreground processes are told.
    public void resize(TerminalSize size) {
        use.readLock().lock();
        try {
            if (!closed) {
                Posix.setSize(master, size);
            }
        } finally {
            use.readLock().unlock();
        }
    }

    /// What is written to the terminal, until it ends or is closed.
    public InputStream output() {
        return new Output();
    }

    /// Types on the terminal; waits while it takes no more.
    ///
    /// @throws IOException if it has ended
    public void type(byte[] bytes) throws IOException {
        int done = 0;
        while (done < bytes.length) {
            int count = typed(bytes, done);
            if (count < 0) {
                throw new IOException("terminal: ended (expected: open)");
            }
            done += count;
        }
    }

    private int typed(byte[] bytes, int offset) {
        use.readLock().lock();
        try (Arena arena = Arena.ofConfined()) {
            if (closed) {
                return -1;
            }
            int events = Posix.poll(master, Posix.POLLOUT, STEP_MILLIS);
            if (events == 0) {
                return 0;
            }
            if ((events & Posix.POLLOUT) == 0) {
                return -1;
            }
            int length = Math.min(CHUNK_BYTES, bytes.length - offset);
            MemorySegment buffer = arena.allocate(length);
            MemorySegment.copy(bytes, offset, buffer, ValueLayout.JAVA_BYTE, 0, length);
            int count = (int) Posix.write(master, buffer, length);
            return count == Posix.NOT_NOW ? 0 : count;
        } finally {
            use.readLock().unlock();
        }
    }

    /// Bytes read; 0 if there are none yet, -1 at the end. A terminal that was ready to be read may have nothing after
    /// all: an interrupt that is typed on it flushes what it had (termios(3), NOFLSH).
    private int read(byte[] bytes, int offset, int length) {
        use.readLock().lock();
        try (Arena arena = Arena.ofConfined()) {
            if (closed) {
                return -1;
            }
            int events = Posix.poll(master, Posix.POLLIN, STEP_MILLIS);
            if (events == 0) {
                return 0;
            }
            MemorySegment buffer = arena.allocate(Math.min(length, CHUNK_BYTES));
            int count = (int) Posix.read(master, buffer, buffer.byteSize());
            if (count == Posix.NOT_NOW) {
                return 0;
            }
            if (count <= 0) {
                return -1;
            }
            MemorySegment.copy(buffer, ValueLayout.JAVA_BYTE, 0, bytes, offset, count);
            return count;
        } finally {
            use.readLock().unlock();
        }
    }

    @Override
    public void close() {
        use.writeLock().lock();
        try {
            if (!closed) {
                closed = true;
                Posix.close(master);
            }
        } finally {
            use.writeLock().unlock();
        }
    }

    private final class Output extends InputStream {
        @Override
        public int read() {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : Byte.toUnsignedInt(one[0]);
        }

        @Override
        public int read(byte[] bytes, int offset, int length) {
            if (length == 0) {
                return 0;
            }
            int count = 0;
            while (count == 0) {
                count = PseudoTerminal.this.read(bytes, offset, length);
            }
            return count;
        }
    }
}
