// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.realm.container;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// An OCI bundle: the folder of one container, named for it.
///
/// @param folder holds `config.json`, `rootfs`, and what crun writes about the run
record Bundle(Path folder) {
    /// The root file system of the bundle in a folder.
    static Path root(Path folder) {
        return folder.resolve("rootfs");
    }

    /// Makes a bundle of a folder that holds its root file system already.
    ///
    /// @throws ContainerException.RuntimeFailed if the configuration cannot be written
    static Bundle create(Path folder, byte[] config) {
        try {
            Files.write(folder.resolve("config.json"), config);
        } catch (IOException e) {
            throw new ContainerException.RuntimeFailed("bundle " + folder + ": " + e.getMessage(), e);
        }
        return new Bundle(folder);
    }

    /// The container's name.
    String id() {
        return folder.getFileName().toString();
    }

    /// What crun itself has to say about the run.
    Path log() {
        return folder.resolve("crun.log");
    }

    /// Written by crun once the container's process exists.
    Path pidFile() {
        return folder.resolve("pid");
    }
}
