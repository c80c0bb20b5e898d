// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.cli.container;

import dev.realmesh.proto.realm.v1.ExecStart;
import java.util.List;
import picocli.CommandLine.Option;

/// The options of `realm exec`.
final class ExecOptions {
    @Option(
            names = {"-i", "--interactive"},
            description = "Connect standard input.")
    private boolean interactive;

    @Option(
            names = {"-t", "--tty"},
            description = "Give the process a terminal.")
    private boolean tty;

    @Option(
            names = {"-e", "--env"},
            paramLabel = "KEY=VALUE",
            description = "Set in the process's environment.")
    private List<String> environment = List.of();

    @Option(
            names = {"-w", "--workdir"},
            paramLabel = "DIR",
            description = "Folder that it starts in (default: the container's).")
    private String workingDirectory = "";

    @Option(names = "--container", paramLabel = "NAME", description = "Name of the container (default: the only one).")
    private String container = "";

    ExecStart request(List<String> command) {
        ExecStart.Builder request = ExecStart.newBuilder()
                .setName(container)
                .addAllCommand(command)
                .addAllEnvironment(environment)
                .setWorkingDirectory(workingDirectory)
                .setStdin(interactive);
        return tty ? request.setTerminal(Terminal.size()).build() : request.build();
    }
}
