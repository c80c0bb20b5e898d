// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.host.machine.guest;

import java.util.List;

/// A file system of a guest, whose files are in its Realm's memory.
///
/// @param path where the guest finds it
/// @param bytes how much its files hold at most
record MemoryFileSystem(String path, long bytes) {
    /// Those of a Realm. Containers are in `/run`, which has half of the memory: what Linux gives a tmpfs by default
    /// (`size` in Documentation/filesystems/tmpfs.rst). `/tmp` has an eighth, and the guest's programs what is left.
    ///
    /// @param memoryBytes memory of the Realm
    static List<MemoryFileSystem> of(long memoryBytes) {
        return List.of(new MemoryFileSystem("/run", memoryBytes / 2), new MemoryFileSystem("/tmp", memoryBytes / 8));
    }
}
