// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.oci.unpack;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/// Gives files to their owners where this process may. In a user namespace of a single id it may not, whoever it is
/// there; an owner that was refused once is not tried again.
final class Ownership {
    private final Set<Long> refused = new HashSet<>();

    /// Gives a file or link away.
    ///
    /// @return whether the file belongs to whom it should now
    boolean apply(Path path, FileAttributes attributes) throws IOException {
        Map<String, Object> wanted = Map.of("uid", attributes.uid(), "gid", attributes.gid());
        if (wanted.equals(Files.readAttributes(path, "unix:uid,gid", LinkOption.NOFOLLOW_LINKS))) {
            return true;
        }
        long owner = ((long) attributes.uid() << 32) | (attributes.gid() & 0xffffffffL);
        if (refused.contains(owner)) {
            return false;
        }
        try {
            Files.setAttribute(path, "unix:gid", attributes.gid(), LinkOption.NOFOLLOW_LINKS);
            Files.setAttribute(path, "unix:uid", attributes.uid(), LinkOption.NOFOLLOW_LINKS);
            return true;
        } catch (FileSystemException e) {
            refused.add(owner);
            return false;
        }
    }
}
