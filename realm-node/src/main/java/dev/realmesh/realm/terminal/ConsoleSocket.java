// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.realm.terminal;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/// The socket by which an OCI runtime hands over the terminal of a process (`--console-socket`): it connects and sends
/// one message with the master's descriptor in it (SCM_RIGHTS, unix(7)), which Java's own sockets cannot take.
public final class ConsoleSocket implements AutoCloseable {
    private static final int STEP_MILLIS = 50;
    private static final int SOL_SOCKET = 1;
    private static final int SCM_RIGHTS = 1;
    private static final int MAX_PATH_BYTES = 107;
    private static final int CONTROL_BYTES = 64;

    private final Path path;
    private final int socket;

    private ConsoleSocket(Path path, int socket) {
        this.path = path;
        this.socket = socket;
    }

    /// Listens.
    ///
    /// @param path of the socket, at most 107 bytes; it must not be there
    /// @throws UncheckedIOException if the socket cannot be had
    public static ConsoleSocket listen(Path path) {
        byte[] name = path.toString().getBytes(StandardCharsets.UTF_8);
        if (name.length > MAX_PATH_BYTES) {
            throw refused(path, "a path of " + name.length + " bytes (expected: at most " + MAX_PATH_BYTES + ")");
        }
        int socket = Posix.socket(Posix.AF_UNIX, Posix.SOCK_STREAM_CLOEXEC);
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment address = arena.allocate(2 + name.length + 1L, 2);
            address.set(ValueLayout.JAVA_SHORT, 0, (short) Posix.AF_UNIX);
            MemorySegment.copy(name, 0, address, ValueLayout.JAVA_BYTE, 2, name.length);
            if (socket < 0 || Posix.bind(socket, address) < 0 || Posix.listen(socket) < 0) {
                Posix.close(socket);
                throw refused(path, "not to be had");
            }
        }
        return new ConsoleSocket(path, socket);
    }

    /// Waits for the terminal; none if who should bring it has gone.
    ///
    /// @param expected whether somebody may still bring it
    public Optional<PseudoTerminal> await(BooleanSupplier expected) {
        while (true) {
            boolean last = !expected.getAsBoolean();
            if ((Posix.poll(socket, Posix.POLLIN, STEP_MILLIS) & Posix.POLLIN) != 0) {
                return received();
            }
            if (last) {
                return Optional.empty();
            }
        }
    }

    private Optional<PseudoTerminal> received() {
        int connection = Posix.accept(socket);
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment vector = arena.allocate(16, 8);
            vector.set(ValueLayout.ADDRESS, 0, arena.allocate(CONTROL_BYTES));
            vector.set(ValueLayout.JAVA_LONG, 8, CONTROL_BYTES);
            MemorySegment control = arena.allocate(CONTROL_BYTES, 8);
            MemorySegment message = arena.allocate(56, 8);
            message.set(ValueLayout.ADDRESS, 16, vector);
            message.set(ValueLayout.JAVA_LONG, 24, 1);
            message.set(ValueLayout.ADDRESS, 32, control);
            message.set(ValueLayout.JAVA_LONG, 40, CONTROL_BYTES);
            if (Posix.recvmsg(connection, message, Posix.MSG_CMSG_CLOEXEC) < 0) {
                return Optional.empty();
            }
            return message.get(ValueLayout.JAVA_LONG, 40) >= 20 ? descriptor(control) : Optional.empty();
        } finally {
            Posix.close(connection);
        }
    }

    /// struct cmsghdr: length (8 bytes), level, type, then the descriptor.
    private static Optional<PseudoTerminal> descriptor(MemorySegment control) {
        boolean rights = control.get(ValueLayout.JAVA_INT, 8) == SOL_SOCKET
                && control.get(ValueLayout.JAVA_INT, 12) == SCM_RIGHTS;
        return rights ? Optional.of(new PseudoTerminal(control.get(ValueLayout.JAVA_INT, 16))) : Optional.empty();
    }

    private static UncheckedIOException refused(Path path, String why) {
        return new UncheckedIOException(new IOException("console socket " + path + ": " + why));
    }

    @Override
    public void close() {
        Posix.close(socket);
        try {
            Files.deleteIfExists(path);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
