// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.cli.container;

import dev.realmesh.cli.command.Caller;
import dev.realmesh.cli.command.CommandException;
import dev.realmesh.cli.command.RunOutput;
import dev.realmesh.proto.host.v1.LaunchRealmRequest;
import dev.realmesh.proto.realm.v1.AttachContainerRequest;
import dev.realmesh.proto.realm.v1.AttachContainerResponse;
import dev.realmesh.proto.realm.v1.AttachStart;
import dev.realmesh.proto.realm.v1.CreateContainerRequest;
import dev.realmesh.proto.realm.v1.CreateContainerResponse;
import dev.realmesh.proto.realm.v1.RemoveContainerRequest;
import dev.realmesh.proto.realm.v1.RunContainerRequest;
import dev.realmesh.proto.realm.v1.StartContainerRequest;
import io.grpc.Channel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.util.Iterator;

/// `run` of a container that is talked to, or stays: launch a Realm or take one that is there, create the container,
/// connect,
/// start it.
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
        String container = create(agent, request);
        if (options.detach()) {
            start(agent, container);
            caller.out().println(options.realm().isEmpty() ? agent.realm() : container);
            return 0;
        }
        try {
            return attached(agent, container);
        } finally {
            if (options.remove()) {
                remove(agent, container);
            }
        }
    }

    private String create(Agent agent, CreateContainerRequest request) {
        Iterator<CreateContainerResponse> events = agent.blocking().createContainer(request);
        while (events.hasNext()) {
            CreateContainerResponse event = events.next();
            if (event.hasCreated()) {
                return event.getCreated().getName();
            }
            if (event.hasStep()) {
                output.step(event.getStep());
            }
        }
        throw new CommandException("the Realm ended without a container (is the host well?)");
    }

    private int attached(Agent agent, String container) {
        LiveProcess<AttachContainerRequest, AttachContainerResponse> process = new LiveProcess<>(
                caller,
                input -> AttachContainerRequest.newBuilder().setInput(input).build(),
                AttachContainerResponse::getEvent);
        var unused = agent.calls().attachContainer(process);
        process.begin(AttachContainerRequest.newBuilder()
                .setStart(AttachStart.newBuilder().setName(container))
                .build());
        start(agent, container);
        return new Conversation(caller, options.interactive(), options.tty()).with(process);
    }

    private static void start(Agent agent, String container) {
        var unused = agent.blocking()
                .startContainer(
                        StartContainerRequest.newBuilder().setName(container).build());
    }

    private static void remove(Agent agent, String container) {
        try {
            var unused = agent.blocking()
                    .removeContainer(RemoveContainerRequest.newBuilder()
                            .setName(container)
                            .build());
        } catch (StatusRuntimeException e) {
            if (e.getStatus().getCode() != Status.Code.NOT_FOUND) {
                throw e;
            }
        }
    }
}
