// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.oci.unpack;

import java.io.IOException;

/// The file system that an image is unpacked to is full.
public final class NoRoomException extends IOException {
    private final long fileSystemBytes;

    NoRoomException(IOException cause, long fileSystemBytes) {
        super("no room left to unpack to: " + cause.getMessage(), cause);
        this.fileSystemBytes = fileSystemBytes;
    }

    /// How much the file system holds in all.
    public long fileSystemBytes() {
        return fileSystemBytes;
    }
}
