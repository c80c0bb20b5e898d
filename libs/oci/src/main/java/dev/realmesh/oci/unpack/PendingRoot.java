// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.oci.unpack;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;

/// A folder beside the place where it shall be, on the same file system, readable by nobody else; it is moved there
/// whole, or it is gone when this is closed.
final class PendingRoot implements AutoCloseable {
    private final Path pending;
    private final Path target;
    private boolean published;

    private PendingRoot(Path pending, Path target) {
        this.pending = pending;
        this.target = target;
    }

    static PendingRoot beside(Path target) throws IOException {
        Path absolute = target.toAbsolutePath().normalize();
        Path parent = absolute.getParent();
        if (parent == null || Files.exists(absolute, LinkOption.NOFOLLOW_LINKS)) {
            throw new FileAlreadyExistsException(absolute.toString());
        }
        Path pending = Files.createTempDirectory(
                parent,
                "." + absolute.getFileName() + ".pending-",
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        return new PendingRoot(pending, absolute);
    }

    Path path() {
        return pending;
    }

    void publish() throws IOException {
        Files.move(pending, target, StandardCopyOption.ATOMIC_MOVE);
        published = true;
    }

    @Override
    public void close() throws IOException {
        if (!published) {
            Trees.delete(pending);
        }
    }
}
