// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.realm.container;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// The first process of a container whose own program should not be that: catatonit, of the guest image. It starts the
/// program, passes signals on to it, ends as it does, and reaps whoever lost their parent.
///
/// @param program where it is in the Realm
public record Init(Path program) {
    /// Where a container finds it: nothing of the image is there.
    static final String DESTINATION = "/dev/init";

    /// The same process, under it.
    ///
    /// @throws ContainerException.NotRunnable if the guest image has none
    ProcessSpec over(ProcessSpec process) {
        if (!Files.isExecutable(program)) {
            throw new ContainerException.NotRunnable(
                    "init: the guest image has no " + program + " (expected: one that does, or no init)");
        }
        List<String> arguments = new ArrayList<>(List.of(DESTINATION, "--"));
        arguments.addAll(process.arguments());
        return process.withArguments(arguments);
    }
}
