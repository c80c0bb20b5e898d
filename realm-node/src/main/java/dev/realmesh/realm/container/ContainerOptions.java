// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.realm.container;

import java.util.regex.Pattern;

/// How a container is run, beside what it runs.
///
/// @param name 1 to 63 characters `[a-z0-9_.-]`, the first one no sign; empty for one that the Realm chooses
/// @param streams what its first process is connected to
/// @param restart what happens at its end
/// @param root what becomes of its root file system
/// @param changes of how its first process runs
/// @param init whether an [Init] starts that
/// @param afterEnd what becomes of it when it has ended for good
public record ContainerOptions(
        String name,
        Streams streams,
        RestartPolicy restart,
        RootFiles root,
        ProcessChanges changes,
        boolean init,
        AfterEnd afterEnd) {
    private static final Pattern NAME = Pattern.compile("([a-z0-9][a-z0-9_.-]{0,62})?");

    /// None of them.
    public static final ContainerOptions NONE = new ContainerOptions(
            "", Streams.OUTPUTS, RestartPolicy.NEVER, RootFiles.WRITABLE, ProcessChanges.NONE, false, AfterEnd.STAY);

    /// Checks the name.
    ///
    /// @throws ContainerException.BadRequest if it is none
    public ContainerOptions {
        if (!NAME.matcher(name).matches()) {
            throw new ContainerException.BadRequest(
                    "name: " + name.length() + " characters (expected: 1-63 of a-z 0-9 _ . -, no sign first)");
        }
    }
}
