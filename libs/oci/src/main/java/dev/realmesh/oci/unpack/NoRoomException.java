// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.oci.unpack;

import java.io.IOException;

/// The file system that an image is unpacked to is full.
public final class NoRoomException extends IOException {
    NoRoomException(IOException cause) {
        super("no room left to unpack to: " + cause.getMessage(), cause);
    }
}
