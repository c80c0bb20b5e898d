// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.realm.terminal;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemoryLayout.PathElement;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/// The system calls that Java has no words for, by their names in POSIX; each gives -1 if it failed. Linux on arm64 and
/// x86-64, whose structures these have.
final class Posix {
    static final int AF_UNIX = 1;
    static final int SOCK_STREAM_CLOEXEC = 1 | 0x80000;
    static final short POLLIN = 1;
    static final short POLLOUT = 4;
    static final int MSG_CMSG_CLOEXEC = 0x4000_0000;

    /// What [#read] and [#write] give where there is nothing yet, or no room; every other failure is -1.
    static final long NOT_NOW = -2;

    private static final long TIOCSWINSZ = 0x5414;
    private static final int F_SETFL = 4;
    private static final int O_RDWR_NONBLOCK = 2 | 0x800;
    private static final int EINTR = 4;
    private static final int EAGAIN = 11;

    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT;
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG;
    private static final StructLayout FAILURE = Linker.Option.captureStateLayout();
    private static final PathElement ERRNO = PathElement.groupElement("errno");
    private static final MethodHandle SOCKET = call("socket", INT, INT, INT, INT);
    private static final MethodHandle BIND = call("bind", INT, INT, ValueLayout.ADDRESS, INT);
    private static final MethodHandle LISTEN = call("listen", INT, INT, INT);
    private static final MethodHandle ACCEPT = call("accept", INT, INT, ValueLayout.ADDRESS, ValueLayout.ADDRESS);
    private static final MethodHandle RECVMSG = call("recvmsg", LONG, INT, ValueLayout.ADDRESS, INT);
    private static final MethodHandle POLL = call("poll", INT, ValueLayout.ADDRESS, LONG, INT);
    private static final MethodHandle READ = failing("read", LONG, INT, ValueLayout.ADDRESS, LONG);
    private static final MethodHandle WRITE = failing("write", LONG, INT, ValueLayout.ADDRESS, LONG);
    private static final MethodHandle CLOSE = call("close", INT, INT);
    private static final MethodHandle KILL = call("kill", INT, INT, INT);
    private static final MethodHandle IOCTL = variadic("ioctl", 2, INT, INT, LONG, ValueLayout.ADDRESS);
    private static final MethodHandle FCNTL = variadic("fcntl", 2, INT, INT, INT, INT);

    private Posix() {}

    static int socket(int domain, int type) {
        return (int) invoke(SOCKET, domain, type, 0);
    }

    static int bind(int socket, MemorySegment address) {
        return (int) invoke(BIND, socket, address, (int) address.byteSize());
    }

    static int listen(int socket) {
        return (int) invoke(LISTEN, socket, 1);
    }

    static int accept(int socket) {
        return (int) invoke(ACCEPT, socket, MemorySegment.NULL, MemorySegment.NULL);
    }

    static long recvmsg(int socket, MemorySegment message, int flags) {
        return (long) invoke(RECVMSG, socket, message, flags);
    }

    /// Waits for one descriptor; gives the events that are there, 0 if there are none in time, -1 if it failed.
    static int poll(int descriptor, short events, int millis) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment pollfd = arena.allocate(8, 4);
            pollfd.set(INT, 0, descriptor);
            pollfd.set(ValueLayout.JAVA_SHORT, 4, events);
            int ready = (int) invoke(POLL, pollfd, 1L, millis);
            return ready <= 0 ? ready : Short.toUnsignedInt(pollfd.get(ValueLayout.JAVA_SHORT, 6));
        }
    }

    static long read(int descriptor, MemorySegment buffer, long count) {
        return transferred(READ, descriptor, buffer, count);
    }

    static long write(int descriptor, MemorySegment buffer, long count) {
        return transferred(WRITE, descriptor, buffer, count);
    }

    private static long transferred(MethodHandle function, int descriptor, MemorySegment buffer, long count) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = arena.allocate(FAILURE);
            long done = (long) invoke(function, state, descriptor, buffer, count);
            int error = done < 0 ? state.get(INT, FAILURE.byteOffset(ERRNO)) : 0;
            return error == EAGAIN || error == EINTR ? NOT_NOW : done;
        }
    }

    static void close(int descriptor) {
        invoke(CLOSE, descriptor);
    }

    static int kill(int process, int signal) {
        return (int) invoke(KILL, process, signal);
    }

    /// Reads and writes of a terminal wait no more.
    static int setNonBlocking(int descriptor) {
        return (int) invoke(FCNTL, descriptor, F_SETFL, O_RDWR_NONBLOCK);
    }

    /// Sets a terminal's size (ioctl_tty(2), TIOCSWINSZ); its foreground processes get SIGWINCH.
    static int setSize(int terminal, TerminalSize size) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment winsize = arena.allocate(8, 2);
            winsize.set(ValueLayout.JAVA_SHORT, 0, (short) size.rows());
            winsize.set(ValueLayout.JAVA_SHORT, 2, (short) size.columns());
            return (int) invoke(IOCTL, terminal, TIOCSWINSZ, winsize);
        }
    }

    private static Object invoke(MethodHandle function, Object... arguments) {
        try {
            return function.invokeWithArguments(arguments);
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException("system call: " + e.getMessage(), e);
        }
    }

    private static MethodHandle call(String name, MemoryLayout result, MemoryLayout... parameters) {
        return link(name, FunctionDescriptor.of(result, parameters));
    }

    /// A function that says why it failed, into its first argument.
    private static MethodHandle failing(String name, MemoryLayout result, MemoryLayout... parameters) {
        return link(name, FunctionDescriptor.of(result, parameters), Linker.Option.captureCallState("errno"));
    }

    private static MethodHandle variadic(String name, int fixed, MemoryLayout result, MemoryLayout... parameters) {
        return link(name, FunctionDescriptor.of(result, parameters), Linker.Option.firstVariadicArg(fixed));
    }

    @SuppressWarnings("restricted") // The guest is started with access to native calls.
    private static MethodHandle link(String name, FunctionDescriptor descriptor, Linker.Option... options) {
        Linker linker = Linker.nativeLinker();
        return linker.downcallHandle(linker.defaultLookup().findOrThrow(name), descriptor, options);
    }
}
