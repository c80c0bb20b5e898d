// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.oci.unpack;

import java.lang.foreign.AddressLayout;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/// What the JDK has no method for: extended attributes outside of `user.*`, FIFOs and devices. None follows a link. A
/// refusal of the system, or a system that has no such call, is `false`.
final class FileSystemCalls {
    private static final int S_IFIFO = 0010000;
    private static final int S_IFCHR = 0020000;
    private static final int S_IFBLK = 0060000;

    /// By which the JDK makes file names.
    private static final Charset NAMES = Charset.forName(System.getProperty("sun.jnu.encoding", "UTF-8"));

    private static final AddressLayout ADDRESS = ValueLayout.ADDRESS;

    private FileSystemCalls() {}

    /// Makes or replaces an attribute: lsetxattr(2).
    static boolean setAttribute(Path path, String name, byte[] value) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment content = arena.allocateFrom(ValueLayout.JAVA_BYTE, value);
            MemorySegment nameText = arena.allocateFrom(name, StandardCharsets.UTF_8);
            return (int) Lsetxattr.FUNCTION.invokeExact(text(arena, path), nameText, content, (long) value.length, 0)
                    == 0;
        } catch (LinkageError absent) {
            return false;
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException("lsetxattr: " + e.getMessage(), e);
        }
    }

    /// Makes a FIFO that its owner may use.
    static boolean makeFifo(Path path) {
        return makeNode(path, S_IFIFO | 0600, 0);
    }

    /// Makes a device that its owner may use.
    static boolean makeCharacterDevice(Path path, DeviceNumber number) {
        return makeNode(path, S_IFCHR | 0600, number.encoded());
    }

    /// Likewise.
    static boolean makeBlockDevice(Path path, DeviceNumber number) {
        return makeNode(path, S_IFBLK | 0600, number.encoded());
    }

    private static boolean makeNode(Path path, int mode, long device) {
        try (Arena arena = Arena.ofConfined()) {
            return (int) Mknod.FUNCTION.invokeExact(text(arena, path), mode, device) == 0;
        } catch (LinkageError absent) {
            return false;
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException("mknod: " + e.getMessage(), e);
        }
    }

    private static MemorySegment text(Arena arena, Path path) {
        return arena.allocateFrom(path.toString(), NAMES);
    }

    @SuppressWarnings("restricted") // Signatures as in Linux's manual; programs are started with access to them.
    private static MethodHandle function(String name, FunctionDescriptor signature) {
        Linker linker = Linker.nativeLinker();
        MemorySegment address = linker.defaultLookup()
                .find(name)
                .orElseThrow(() -> new UnsatisfiedLinkError(name + ": not in this system's library"));
        return linker.downcallHandle(address, signature);
    }

    /// lsetxattr(2), linked when it is first called.
    private static final class Lsetxattr {
        private static final MethodHandle FUNCTION = function(
                "lsetxattr",
                FunctionDescriptor.of(
                        ValueLayout.JAVA_INT, ADDRESS, ADDRESS, ADDRESS, ValueLayout.JAVA_LONG, ValueLayout.JAVA_INT));
    }

    /// mknod(2), likewise.
    private static final class Mknod {
        private static final MethodHandle FUNCTION = function(
                "mknod",
                FunctionDescriptor.of(ValueLayout.JAVA_INT, ADDRESS, ValueLayout.JAVA_INT, ValueLayout.JAVA_LONG));
    }
}
