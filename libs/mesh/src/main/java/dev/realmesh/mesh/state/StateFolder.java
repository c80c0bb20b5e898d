// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.mesh.state;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.Set;
import java.util.UUID;
import java.util.function.Supplier;

/// The folder of a service, mode 0700. A secret file has mode 0600 from before its first byte is written, and appears
/// whole or not at all; one that others could read is refused at the next start.
public final class StateFolder {
    private static final int MAX_SECRET_BYTES = 4096;
    private static final Set<PosixFilePermission> OWNER_ONLY = PosixFilePermissions.fromString("rw-------");
    private static final FileAttribute<Set<PosixFilePermission>> OWNER_ONLY_FILE =
            PosixFilePermissions.asFileAttribute(OWNER_ONLY);
    private static final FileAttribute<Set<PosixFilePermission>> OWNER_ONLY_FOLDER =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));

    private final Path folder;

    private StateFolder(Path folder) {
        this.folder = folder;
    }

    /// Opens the folder, making it if there is none.
    ///
    /// @throws StateException.Unusable if it cannot be made
    public static StateFolder open(Path folder) {
        try {
            Files.createDirectories(folder, OWNER_ONLY_FOLDER);
            return new StateFolder(folder);
        } catch (IOException e) {
            throw new StateException.Unusable(folder, e);
        }
    }

    /// The secret in a file elsewhere, which is the caller's to overwrite.
    ///
    /// @throws StateException if others may read the file, or it cannot be used
    public static byte[] secretIn(Path file) {
        try {
            return read(file);
        } catch (IOException e) {
            throw new StateException.Unusable(file, e);
        }
    }

    /// A file of the folder.
    public Path file(String name) {
        return folder.resolve(name);
    }

    /// The secret in a file, which is the caller's to overwrite; where there is no such file, it is made with what
    /// `fresh` gives, which is overwritten. Two instances that start at once agree on one.
    ///
    /// @throws StateException if others may read the file, or it cannot be used
    public byte[] secret(String name, Supplier<byte[]> fresh) {
        Path file = file(name);
        try {
            if (Files.notExists(file, LinkOption.NOFOLLOW_LINKS)) {
                create(file, fresh.get());
            }
            return read(file);
        } catch (IOException e) {
            throw new StateException.Unusable(file, e);
        }
    }

    /// Puts another secret in the place of one: whoever reads the file, even after a crash, sees the one or the other.
    /// The content is overwritten.
    ///
    /// @throws StateException if it cannot be written
    public void replaceSecret(String name, byte[] content) {
        Path file = file(name);
        Path temporary = file(name + "." + UUID.randomUUID());
        try {
            write(temporary, content);
            Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new StateException.Unusable(file, e);
        } finally {
            Arrays.fill(content, (byte) 0);
        }
    }

    /// Writes a file that all may read, in place of an older one.
    ///
    /// @throws StateException.Unusable if it cannot be written
    public void publish(String name, byte[] content) {
        Path file = file(name);
        Path temporary = file(name + "." + UUID.randomUUID());
        try {
            Files.write(temporary, content, StandardOpenOption.CREATE_NEW);
            Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new StateException.Unusable(file, e);
        }
    }

    /// Makes an empty file of mode 0600 where there is none, for a library that will write it.
    ///
    /// @throws StateException if others may read the file, or it cannot be made
    public Path ownFile(String name) {
        Path file = file(name);
        try {
            if (Files.notExists(file, LinkOption.NOFOLLOW_LINKS)) {
                Files.createFile(file, OWNER_ONLY_FILE);
            }
            requireOwnerOnly(file);
            return file;
        } catch (IOException e) {
            throw new StateException.Unusable(file, e);
        }
    }

    private void create(Path file, byte[] content) throws IOException {
        Path temporary = file(file.getFileName() + "." + UUID.randomUUID());
        try {
            write(temporary, content);
            Files.createLink(file, temporary);
        } catch (FileAlreadyExistsException e) {
            // Another instance was first; its file counts.
        } finally {
            Arrays.fill(content, (byte) 0);
            Files.deleteIfExists(temporary);
        }
    }

    private static void write(Path file, byte[] content) throws IOException {
        try (FileChannel channel = FileChannel.open(
                file, Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE), OWNER_ONLY_FILE)) {
            ByteBuffer bytes = ByteBuffer.wrap(content);
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
            channel.force(true);
        }
    }

    private static byte[] read(Path file) throws IOException {
        requireOwnerOnly(file);
        if (Files.size(file) > MAX_SECRET_BYTES) {
            throw new StateException.Damaged(file, "too long (expected: at most " + MAX_SECRET_BYTES + " bytes)");
        }
        return Files.readAllBytes(file);
    }

    private static void requireOwnerOnly(Path file) throws IOException {
        Set<PosixFilePermission> mode = Files.getPosixFilePermissions(file);
        if (!OWNER_ONLY.containsAll(mode)) {
            throw new StateException.Exposed(file, PosixFilePermissions.toString(mode));
        }
    }
}
