// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.realm.container;

import java.util.List;

/// What becomes of a container's root file system.
///
/// @param readOnly whether the container cannot change it
/// @param temporary folders over it, in this order; at most 64
public record RootFiles(boolean readOnly, List<TemporaryFolder> temporary) {
    private static final int MOST_TEMPORARY = 64;

    /// As the image has it, and the container may change it.
    public static final RootFiles WRITABLE = new RootFiles(false, List.of());

    /// @throws ContainerException.BadRequest if there are too many folders
    public RootFiles {
        temporary = List.copyOf(temporary);
        if (temporary.size() > MOST_TEMPORARY) {
            throw new ContainerException.BadRequest(
                    "temporary_folders: " + temporary.size() + " (expected: at most " + MOST_TEMPORARY + ")");
        }
    }
}
