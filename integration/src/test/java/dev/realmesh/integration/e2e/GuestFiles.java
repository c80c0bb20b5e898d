// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.integration.e2e;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/// Files of a Realm, seen from outside, through its guest's process: that the machine's root can is the emulator's.
final class GuestFiles {
    private GuestFiles() {}

    /// The folders of the only Realm's containers, be they whole or not.
    static List<Path> containers() throws IOException {
        for (ProcessHandle process : ProcessHandle.current().descendants().toList()) {
            Path containers = Path.of("/proc", Long.toString(process.pid()), "root/run/containers");
            if (Files.isDirectory(containers)) {
                try (Stream<Path> all = Files.list(containers)) {
                    return all.toList();
                }
            }
        }
        throw new IOException("no guest among this process's children");
    }
}
