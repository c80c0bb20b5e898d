// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.realm.container;

import java.util.List;

/// A further process that the host wants in a container, as the container's user.
///
/// @param command program and arguments, 1 to 1024 words and 128 KiB in all
/// @param environment added to the container's, each `KEY=VALUE`; at most 1024 and 128 KiB in all
/// @param workingDirectory absolute; empty for the container's
/// @param streams what it is connected to
public record ExecRequest(List<String> command, List<String> environment, String workingDirectory, Streams streams) {
    /// Checks the request.
    ///
    /// @throws ContainerException.BadRequest if a part is missing, malformed or over its limit
    public ExecRequest {
        command = RunRequest.checkedWords("command", command);
        environment = RunRequest.checkedVariables(environment);
        if (command.isEmpty()) {
            throw new ContainerException.BadRequest("command: none (expected: a program)");
        }
        if (!workingDirectory.isEmpty() && !workingDirectory.startsWith("/")) {
            throw new ContainerException.BadRequest("working_directory: relative (expected: absolute)");
        }
    }
}
