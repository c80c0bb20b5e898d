// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.realm.container;

import dev.realmesh.oci.ImageConfig.RunDefaults;
import java.util.List;

/// What a request changes of how an image's process runs; empty is "as the image says".
///
/// @param user as an image's `User`
/// @param workingDirectory absolute
/// @param entrypoint instead of the image's, whose Cmd then does not count either; one empty word for none
/// @param confinement what it may do, and how much it may use
public record ProcessChanges(String user, String workingDirectory, List<String> entrypoint, Confinement confinement) {
    private static final int MAX_USER_CHARACTERS = 256;

    /// None.
    public static final ProcessChanges NONE = new ProcessChanges("", "", List.of(), Confinement.DEFAULT);

    /// Checks them.
    ///
    /// @throws ContainerException.BadRequest if one is malformed or over its limit
    public ProcessChanges {
        if (user.length() > MAX_USER_CHARACTERS) {
            throw new ContainerException.BadRequest(
                    "user: " + user.length() + " characters (expected: at most " + MAX_USER_CHARACTERS + ")");
        }
        requireFolder(workingDirectory);
        entrypoint = RunRequest.checkedWords("entrypoint", entrypoint);
    }

    /// @throws ContainerException.BadRequest if it is neither empty nor absolute
    static void requireFolder(String workingDirectory) {
        if (!workingDirectory.isEmpty() && !workingDirectory.startsWith("/")) {
            throw new ContainerException.BadRequest("working_directory: relative (expected: absolute)");
        }
    }

    /// An image's defaults with these changes.
    RunDefaults of(RunDefaults image) {
        boolean replaced = !entrypoint.isEmpty();
        return new RunDefaults(
                user.isEmpty() ? image.user() : user,
                image.environment(),
                replaced ? words() : image.entrypoint(),
                replaced ? List.of() : image.command(),
                workingDirectory.isEmpty() ? image.workingDirectory() : workingDirectory,
                image.labels(),
                image.stopSignal(),
                image.exposedPorts(),
                image.volumes());
    }

    private List<String> words() {
        return entrypoint.equals(List.of("")) ? List.of() : entrypoint;
    }
}
