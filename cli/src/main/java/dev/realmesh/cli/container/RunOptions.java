// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.cli.container;

import dev.realmesh.cli.command.CommandException;
import dev.realmesh.proto.realm.v1.AfterEnd;
import dev.realmesh.proto.realm.v1.CreateContainerRequest;
import dev.realmesh.proto.realm.v1.RestartPolicy;
import dev.realmesh.proto.realm.v1.RestartWhen;
import dev.realmesh.proto.realm.v1.TerminalSize;
import java.util.List;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// The options of `run` for containers that are talked to, or stay.
public final class RunOptions {
    @Option(
            names = {"-d", "--detach"},
            description = "Print the Realm's name and let the container run on in it.")
    private boolean detach;

    @Option(
            names = {"-i", "--interactive"},
            description = "Connect standard input.")
    private boolean interactive;

    @Option(
            names = {"-t", "--tty"},
            description = "Give the container a terminal.")
    private boolean tty;

    @Option(names = "--name", paramLabel = "NAME", description = "Name of the container in its Realm.")
    private String name = "";

    @Option(names = "--realm", paramLabel = "REALM", description = "Run in this Realm, not in a new one.")
    private String realm = "";

    @Option(
            names = "--rm",
            description = "Remove the container when it has ended; with -d, a Realm of its own goes with it.")
    private boolean remove;

    @Option(
            names = "--init",
            description = "Let an init be the first process, which passes signals on and reaps orphans.")
    private boolean init;

    @Option(names = "--read-only", description = "Keep the container from changing its root file system.")
    private boolean readOnly;

    @Option(
            names = "--restart",
            paramLabel = "POLICY",
            description = "Start it again when it ended: no, on-failure[:N] or always (default: no).")
    private String restart = "no";

    @Mixin
    private final ProcessOptions process = new ProcessOptions();

    /// Whether any of them was said; else the container is run as `HostService/RunContainer` does.
    public boolean said() {
        return detach
                || interactive
                || tty
                || readOnly
                || remove
                || init
                || !name.isEmpty()
                || !realm.isEmpty()
                || !restart.equals("no")
                || process.said();
    }

    /// Checks what goes together.
    ///
    /// @throws CommandException.WrongUse if something does not
    public void check() {
        var unused = List.of(restart(), process.changes(), process.folders());
    }

    boolean detach() {
        return detach;
    }

    boolean interactive() {
        return interactive;
    }

    boolean tty() {
        return tty;
    }

    boolean remove() {
        return remove;
    }

    String realm() {
        return realm;
    }

    CreateContainerRequest.Builder request() {
        CreateContainerRequest.Builder request = CreateContainerRequest.newBuilder()
                .setName(name)
                .setStdin(interactive)
                .setReadOnlyRoot(readOnly)
                .setInit(init)
                .setAfterEnd(afterEnd())
                .setRestart(restart())
                .setChanges(process.changes())
                .addAllTemporaryFolders(process.folders());
        return tty ? request.setTerminal(size()) : request;
    }

    /// One that is waited for is removed by who waits, who wants to see its end first.
    private AfterEnd afterEnd() {
        if (!detach || !remove) {
            return AfterEnd.AFTER_END_UNSPECIFIED;
        }
        return realm.isEmpty() ? AfterEnd.AFTER_END_POWER_OFF : AfterEnd.AFTER_END_REMOVE;
    }

    /// One that stays may be started without a terminal at hand; who attaches to it brings one.
    private TerminalSize size() {
        return detach ? TerminalSize.getDefaultInstance() : Terminal.size();
    }

    private RestartPolicy restart() {
        String[] parts = restart.split(":", 2);
        boolean counted = parts.length == 2;
        boolean known = counted
                ? parts[0].equals("on-failure") && parts[1].matches("[1-9][0-9]{0,5}")
                : parts[0].matches("no|on-failure|always");
        if (!known) {
            throw new CommandException.WrongUse(
                    "--restart: " + restart + " (expected: no, on-failure, on-failure:N or always)");
        }
        return RestartPolicy.newBuilder()
                .setWhen(
                        switch (parts[0]) {
                            case "always" -> RestartWhen.RESTART_WHEN_ALWAYS;
                            case "on-failure" -> RestartWhen.RESTART_WHEN_ON_FAILURE;
                            default -> RestartWhen.RESTART_WHEN_UNSPECIFIED;
                        })
                .setMostRestarts(counted ? Integer.parseInt(parts[1]) : 0)
                .build();
    }
}
