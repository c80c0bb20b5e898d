// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.oci;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// Tells a disk that is full from one that fails: the JDK has no type for it, and words it in the system's language.
public final class FullDisk {
    /// As much as is written at once; less than that is no room.
    private static final long LITTLE_BYTES = 64 << 10;

    private FullDisk() {}

    /// Whether a write to a folder failed because there is no room for more bytes, or for more files.
    ///
    /// @throws IOException if the folder is gone
    public static boolean caused(IOException failure, Path folder) throws IOException {
        String message = String.valueOf(failure.getMessage());
        return message.contains("No space left on device")
                || message.contains("Disk quota exceeded")
                || Files.getFileStore(folder).getUsableSpace() < LITTLE_BYTES;
    }
}
