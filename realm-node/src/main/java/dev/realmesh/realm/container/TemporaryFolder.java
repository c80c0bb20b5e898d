// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.realm.container;

/// A folder of a container that is empty at its start, in the Realm's memory, and takes nothing of the image's own
/// limits.
///
/// @param path absolute, see [ContainerPath]
/// @param bytes how much it holds at most
/// @param mode its permissions, 0 to 07777
public record TemporaryFolder(String path, long bytes, int mode) {
    /// How much one holds that says nothing of it.
    public static final long USUAL_BYTES = 64L << 20;

    /// Permissions of one that says nothing of them.
    public static final int USUAL_MODE = 01777;

    private static final int MOST_PERMISSIONS = 07777;

    /// @throws ContainerException.BadRequest if one of them is something else
    public TemporaryFolder {
        ContainerPath.require("temporary_folders", path);
        if (bytes < 1) {
            throw new ContainerException.BadRequest(
                    "temporary_folders: " + path + ": " + bytes + " bytes (expected: some)");
        }
        if (mode < 0 || mode > MOST_PERMISSIONS) {
            throw new ContainerException.BadRequest("temporary_folders: " + path + ": mode "
                    + Integer.toOctalString(mode) + " (expected: 0 to 7777, octal)");
        }
    }
}
