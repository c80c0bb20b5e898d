// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.cli.container;

import dev.realmesh.cli.command.Caller;
import dev.realmesh.cli.command.CommandException;
import dev.realmesh.cli.command.RunOutput;
import dev.realmesh.proto.host.v1.LaunchRealmRequest;
import dev.realmesh.proto.realm.v1.ContainerCreated;
import dev.realmesh.proto.realm.v1.CreateContainerRequest;
import dev.realmesh.proto.realm.v1.CreateContainerResponse;
import dev.realmesh.proto.realm.v1.RunContainerRequest;
import dev.realmesh.proto.realm.v1.StartContainerRequest;
import dev.realmesh.proto.realm.v1.StartContainerResponse;
import io.grpc.Channel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.time.Duration;
import java.util.Iterator;

/// `run` of a container that is talked to, or stays: launch a Realm or take one that is there, create the container,
/// connect, start it, see its end.
public final class RunInRealm {
    private final Caller caller;
    private final RunOptions options;
    private final RunOutput output;

    public RunInRealm(Caller caller, RunOptions options, RunOutput output) {
        this.caller = caller;
        this.options = options;
        this.output = output;
    }

    /// Runs it.
    ///
    /// @param channel leads to the host
    /// @param realm the Realm to launch, unless the options name one
    /// @param what to run
    /// @return the container's exit code, or 0 if it runs on
    public int run(Channel channel, LaunchRealmRequest realm, RunContainerRequest what) {
        CreateContainerRequest request = options.request().setRun(what).build();
        if (!options.realm().isEmpty()) {
            return run(new Agent(channel, options.realm()), request);
        }
        try (LaunchedRealm launched = LaunchedRealm.launch(
                channel, realm.toBuilder().setKeep(options.detach()).build(), output)) {
            int exitCode = run(new Agent(channel, launched.name()), request);
            if (options.detach()) {
                launched.keep();
            }
            return exitCode;
        }
    }

    private int run(Agent agent, CreateContainerRequest request) {
        ContainerCreated created = create(agent, request);
        String container = created.getName();
        if (options.detach()) {
            start(agent, container);
            caller.out().println(options.realm().isEmpty() ? agent.realm() : container);
            return 0;
        }
        try {
            return attached(agent, created);
        } finally {
            if (options.remove()) {
                remove(agent, container);
            }
        }
    }

    private ContainerCreated create(Agent agent, CreateContainerRequest request) {
        Iterator<CreateContainerResponse> events = agent.blocking().createContainer(request);
        while (events.hasNext()) {
            CreateContainerResponse event = events.next();
            if (event.hasCreated()) {
                return event.getCreated();
            }
            if (event.hasStep()) {
                output.step(event.getStep());
            }
            if (event.hasLayer()) {
                output.layer(event.getLayer());
            }
        }
        throw new CommandException("the Realm ended without a container (is the host well?)");
    }

    private int attached(Agent agent, ContainerCreated container) {
        var process = new ContainerCalls(caller, agent).attached(container.getName());
        long start = System.nanoTime();
        int exitCode = new Conversation(caller, options.interactive(), options.tty(), false)
                .with(process, () -> start(agent, container.getName()));
        output.step("run", since(start), container.getRemark());
        return exitCode;
    }

    private void start(Agent agent, String container) {
        long start = System.nanoTime();
        StartContainerResponse response = agent.blocking()
                .startContainer(
                        StartContainerRequest.newBuilder().setName(container).build());
        String result = response.getResultId();
        output.step("start", since(start), result.isEmpty() ? "no result tells of it" : "result " + result);
    }

    private static Duration since(long nanoTime) {
        return Duration.ofNanos(System.nanoTime() - nanoTime);
    }

    private void remove(Agent agent, String container) {
        try {
            new ContainerCalls(caller, agent).remove(container);
        } catch (StatusRuntimeException e) {
            if (e.getStatus().getCode() != Status.Code.NOT_FOUND) {
                throw e;
            }
        }
    }
}
