// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.realm.boot;

import java.nio.file.Path;

/// Where things are in the sandbox.
///
/// @param conduit socket of the emulated processor
/// @param link socket of the guarded link to the host
/// @param initdata initdata disk
/// @param process the process's own folder in /proc
/// @param work tmpfs for containers
/// @param crun the container runtime
/// @param crunState tmpfs for it
/// @param init the first process of containers that want one
public record RealmPlaces(
        Path conduit, Path link, Path initdata, Path process, Path work, Path crun, Path crunState, Path init) {
    /// The places that the sandbox of host-node has.
    ///
    /// @param root `/`, but in tests
    public static RealmPlaces below(Path root) {
        return new RealmPlaces(
                root.resolve("run/realm/smc.sock"),
                root.resolve("run/realm/link.sock"),
                root.resolve("dev/initdata"),
                root.resolve("proc/self"),
                root.resolve("run/containers"),
                root.resolve("usr/bin/crun"),
                root.resolve("run/crun"),
                root.resolve("usr/bin/catatonit"));
    }
}
