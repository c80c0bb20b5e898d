// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.cli.container;

import com.google.protobuf.ByteString;
import com.google.protobuf.util.Durations;
import com.google.protobuf.util.Timestamps;
import dev.realmesh.cli.command.Caller;
import dev.realmesh.cli.command.CommandException;
import dev.realmesh.cli.command.RunOutput;
import dev.realmesh.proto.realm.v1.AttachContainerRequest;
import dev.realmesh.proto.realm.v1.AttachContainerResponse;
import dev.realmesh.proto.realm.v1.AttachStart;
import dev.realmesh.proto.realm.v1.Container;
import dev.realmesh.proto.realm.v1.ExecInContainerRequest;
import dev.realmesh.proto.realm.v1.ExecInContainerResponse;
import dev.realmesh.proto.realm.v1.ExecStart;
import dev.realmesh.proto.realm.v1.ListContainersRequest;
import dev.realmesh.proto.realm.v1.ReadLogsRequest;
import dev.realmesh.proto.realm.v1.ReadLogsResponse;
import dev.realmesh.proto.realm.v1.RemoveContainerRequest;
import dev.realmesh.proto.realm.v1.StopContainerRequest;
import dev.realmesh.proto.realm.v1.Usage;
import io.grpc.Channel;
import java.io.OutputStream;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/// What is asked of the containers of one Realm.
final class ContainerCalls {
    private static final long STOP_SECONDS = 60;

    private final Caller caller;
    private final Agent agent;

    ContainerCalls(Caller caller, Channel channel, String realm) {
        this(caller, new Agent(channel, realm));
    }

    ContainerCalls(Caller caller, Agent agent) {
        this.caller = caller;
        this.agent = agent;
    }

    /// Starts a further process and talks to it.
    ///
    /// @return its exit code
    int exec(ExecStart start) {
        LiveProcess<ExecInContainerRequest, ExecInContainerResponse> process = new LiveProcess<>(
                caller,
                input -> ExecInContainerRequest.newBuilder().setInput(input).build(),
                ExecInContainerResponse::getEvent);
        var unused = agent.calls().execInContainer(process);
        process.begin(ExecInContainerRequest.newBuilder().setStart(start).build());
        return new Conversation(caller, start.getStdin(), start.hasTerminal(), false).with(process);
    }

    /// Talks to a container that was made for it, until it ends or is left.
    ///
    /// @param name empty for the only one
    /// @return its exit code; 0 if it was left
    int attach(String name) {
        LiveProcess<AttachContainerRequest, AttachContainerResponse> process = attached(name);
        Container container = list().stream()
                .filter(each -> name.isEmpty() || each.getName().equals(name))
                .findFirst()
                .orElseThrow(() -> new CommandException(name + ": gone (expected: a container of this Realm)"));
        return new Conversation(caller, container.getStdin(), container.getTerminal(), true).with(process);
    }

    /// Connects to a container.
    LiveProcess<AttachContainerRequest, AttachContainerResponse> attached(String name) {
        LiveProcess<AttachContainerRequest, AttachContainerResponse> process = new LiveProcess<>(
                caller,
                input -> AttachContainerRequest.newBuilder().setInput(input).build(),
                AttachContainerResponse::getEvent);
        var unused = agent.calls().attachContainer(process);
        process.begin(AttachContainerRequest.newBuilder()
                .setStart(AttachStart.newBuilder().setName(name))
                .build());
        return process;
    }

    /// Prints what a container wrote, each stream to its own.
    void logs(ReadLogsRequest request, boolean timestamps) {
        agent.blocking().readLogs(request).forEachRemaining(entry -> {
            if (entry.getMissed()) {
                caller.err().println("realmesh: what was written before is not kept");
            }
            OutputStream stream = entry.hasStderr() ? caller.err() : caller.out();
            RunOutput.write(timestamps ? stamped(entry) : bytes(entry), stream);
        });
    }

    void stop(String container, Duration grace) {
        var unused = agent.blocking()
                .withDeadlineAfter(grace.toSeconds() + STOP_SECONDS, TimeUnit.SECONDS)
                .stopContainer(StopContainerRequest.newBuilder()
                        .setName(container)
                        .setGrace(Durations.fromMillis(grace.toMillis()))
                        .build());
    }

    void remove(String container) {
        var unused = agent.blocking()
                .removeContainer(
                        RemoveContainerRequest.newBuilder().setName(container).build());
    }

    List<Container> list() {
        return agent.blocking()
                .listContainers(ListContainersRequest.getDefaultInstance())
                .getContainersList();
    }

    /// A container, in one line.
    static String line(Container container) {
        String end = container.hasExitCode() ? " " + container.getExitCode() : "";
        String restarts = container.getRestarts() > 0 ? ", started again " + container.getRestarts() + " times" : "";
        String problem = container.getProblem().isEmpty() ? "" : ": " + container.getProblem();
        return String.format(
                Locale.ROOT,
                "%s  %s%s  %s%s%s",
                container.getName(),
                container.getState(),
                end,
                container.getImage(),
                restarts,
                problem);
    }

    /// What a container that runs uses, in one line.
    static String usage(Container container) {
        Usage usage = container.getUsage();
        return String.format(
                Locale.ROOT,
                "%s  %d processes  %.2f s of processor time  %.1f MB",
                container.getName(),
                usage.getProcesses(),
                Durations.toMillis(usage.getProcessorTime()) / 1e3,
                usage.getMemoryBytes() / 1e6);
    }

    private static ByteString bytes(ReadLogsResponse entry) {
        return entry.hasStderr() ? entry.getStderr() : entry.getStdout();
    }

    private static ByteString stamped(ReadLogsResponse entry) {
        return ByteString.copyFromUtf8(Timestamps.toString(entry.getAt()) + " ").concat(bytes(entry));
    }
}
