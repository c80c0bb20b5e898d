// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.image.registry;

import dev.realmesh.oci.FullDisk;
import java.io.IOException;
import java.nio.file.Path;

/// Writes of the store, which say so where its disk is full.
final class StoreDisk {
    private StoreDisk() {}

    /// Writes something.
    interface Write<T> {
        T run() throws IOException;
    }

    /// Writes to a file or folder.
    ///
    /// @throws RegistryException.StorageFull if there is no room
    static <T> T write(Path place, Write<T> write) throws IOException {
        try {
            return write.run();
        } catch (IOException e) {
            if (FullDisk.caused(e, place)) {
                throw new RegistryException.StorageFull(e);
            }
            throw e;
        }
    }
}
