// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.oci.unpack;

import dev.realmesh.oci.OciException;
import java.nio.file.attribute.FileTime;
import java.util.concurrent.TimeUnit;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;

/// What a tar entry says about its file.
///
/// @param mode permission bits with set-user-id, set-group-id and sticky
/// @param uid owner
/// @param gid owning group
/// @param modified time of last modification, in whole seconds
/// @param extended its extended attributes
record FileAttributes(int mode, int uid, int gid, FileTime modified, ExtendedAttributes extended) {
    private static final int PERMISSION_BITS = 07777;
    /// Year 2514; file systems of the field refuse later times, or wrap them.
    private static final long MAX_SECONDS = 1L << 34;

    private static final int SET_ID_BITS = 06000;

    static FileAttributes of(TarArchiveEntry entry, ExtendedAttributes extended) {
        return new FileAttributes(
                entry.getMode() & PERMISSION_BITS,
                id(entry.getLongUserId()),
                id(entry.getLongGroupId()),
                FileTime.from(
                        Math.clamp(entry.getLastModifiedTime().to(TimeUnit.SECONDS), 0, MAX_SECONDS), TimeUnit.SECONDS),
                extended);
    }

    /// Those of a directory that no entry describes.
    static FileAttributes ofUndescribedDirectory() {
        return new FileAttributes(0755, 0, 0, FileTime.fromMillis(0), ExtendedAttributes.NONE);
    }

    /// The mode of a file that does not belong to whom it should: running it must not lend its owner's rights.
    int modeWithoutSetId() {
        return mode & ~SET_ID_BITS;
    }

    private static int id(long id) {
        if (id < 0 || id > 0xfffffffeL) {
            throw new OciException.Malformed("tar entry: user or group id " + id + " (expected: 0 to 2^32-2)");
        }
        return (int) id;
    }
}
