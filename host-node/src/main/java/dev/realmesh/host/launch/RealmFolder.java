// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.host.launch;

import dev.realmesh.host.machine.RealmDevices;
import dev.realmesh.host.machine.RealmDevices.Device;
import dev.realmesh.host.machine.guest.MemoryFolders;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;

/// The host's files for one Realm: the socket of its link and its initdata disk. Gone when closed.
final class RealmFolder implements AutoCloseable {
    private final Path folder;

    private RealmFolder(Path folder) {
        this.folder = folder;
    }

    static RealmFolder create(MemoryFolders folders, RealmId id, InitdataDisk initdata) {
        RealmFolder folder = new RealmFolder(folders.create(id.value()));
        try {
            Files.write(folder.initdata(), initdata.image());
            return folder;
        } catch (IOException e) {
            folder.close();
            throw new UncheckedIOException(folder.initdata() + ": cannot be written", e);
        }
    }

    Path link() {
        return folder.resolve("link.sock");
    }

    private Path initdata() {
        return folder.resolve("initdata");
    }

    /// What the Realm gets of it, and a console.
    RealmDevices devices(Consumer<String> console) {
        return new RealmDevices(
                List.of(new Device.Link(link()), new Device.InitdataDisk(initdata()), new Device.Console(console)));
    }

    @Override
    public void close() {
        MemoryFolders.delete(folder);
    }
}
