// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.host.machine.guest;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Private folders in memory for what a Realm's process is made of: nothing of a guest is ever on disk. This process
/// holds
/// a lock as long as it lives; folders whose lock is free were left by one that was killed, and are removed on opening.
public final class MemoryFolders implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(MemoryFolders.class);
    private static final String PREFIX = "realmesh-guests-";
    private static final String LOCK = "lock";
    private static final Set<String> MEMORY_FILE_SYSTEMS = Set.of("tmpfs", "ramfs");

    /// Unix sockets live in these folders, and Linux takes 107 bytes for a socket's path (`sun_path` of unix(7)): what
    /// is
    /// left for `base` behind `/PREFIX PID-RANDOM/realm-NAME/link.sock` with the longest PID.
    private static final int MAX_BASE_BYTES = 41;

    private final Path own;
    private final FileChannel lock;

    private MemoryFolders(Path own, FileChannel lock) {
        this.own = own;
        this.lock = lock;
    }

    /// Opens a private folder below `base`, such as `/dev/shm`, after removing what killed processes left there.
    ///
    /// @throws GuestException.NoSandbox if `base` is not in memory, cannot be written, or its path is over 41 bytes
    public static MemoryFolders open(Path base) {
        int length = base.toString().getBytes(StandardCharsets.UTF_8).length;
        if (length > MAX_BASE_BYTES) {
            throw new GuestException.NoSandbox("%s: a path of %d bytes (expected: at most %d, for sockets are in it)"
                    .formatted(base, length, MAX_BASE_BYTES));
        }
        try {
            String type = Files.getFileStore(base).type();
            if (!MEMORY_FILE_SYSTEMS.contains(type)) {
                throw new GuestException.NoSandbox(base + ": is on " + type + " (expected: a tmpfs, such as /dev/shm)");
            }
            removeLeftovers(base);
            Path own = base.resolve(PREFIX + ProcessHandle.current().pid() + "-"
                    + Long.toHexString(ThreadLocalRandom.current().nextLong()));
            Path making = Files.createDirectory(
                    own, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
            FileChannel lock =
                    FileChannel.open(making.resolve(LOCK), StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
            lock.lock();
            return new MemoryFolders(own, lock);
        } catch (IOException e) {
            throw new GuestException.NoSandbox(base + ": " + e + " (expected: a tmpfs that can be written)");
        }
    }

    private static void removeLeftovers(Path base) throws IOException {
        for (Path folder : children(base)) {
            if (folder.getFileName().toString().startsWith(PREFIX) && isAbandoned(folder)) {
                LOG.info("{}: removed, its process is gone", folder);
                delete(folder);
            }
        }
    }

    private static List<Path> children(Path folder) throws IOException {
        try (Stream<Path> children = Files.list(folder)) {
            return children.toList();
        }
    }

    private static boolean isAbandoned(Path folder) {
        try (FileChannel lock = FileChannel.open(folder.resolve(LOCK), StandardOpenOption.WRITE)) {
            return lock.tryLock() != null;
        } catch (OverlappingFileLockException e) {
            return false;
        } catch (IOException e) {
            return false;
        }
    }

    /// A new folder of this name.
    ///
    /// @throws UncheckedIOException if there is one, or no memory is left
    public Path create(String name) {
        try {
            return Files.createDirectory(own.resolve(name));
        } catch (IOException e) {
            throw new UncheckedIOException(own + "/" + name + ": cannot be made", e);
        }
    }

    /// Makes `folder`, which is below one of ours, empty; it is made if it is not there.
    Path clear(Path folder) {
        try {
            if (Files.exists(folder)) {
                delete(folder);
            }
            return Files.createDirectory(folder);
        } catch (IOException e) {
            throw new UncheckedIOException(folder + ": cannot be made", e);
        }
    }

    /// Removes all that is left.
    @Override
    public void close() {
        delete(own);
        try {
            lock.close();
        } catch (IOException e) {
            LOG.warn("{}: lock cannot be closed: {}", own, e.getMessage());
        }
    }

    /// Deletes a folder and what is in it, following no links; says so in the log if something stays.
    public static void delete(Path folder) {
        try {
            Files.walkFileTree(folder, new Deletion());
        } catch (IOException e) {
            LOG.warn("{}: not removed: {}", folder, e.toString());
        }
    }

    private static final class Deletion extends SimpleFileVisitor<Path> {
        @Override
        public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
            Files.delete(file);
            return FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult postVisitDirectory(Path folder, @Nullable IOException problem) throws IOException {
            Files.delete(folder);
            return FileVisitResult.CONTINUE;
        }
    }
}
