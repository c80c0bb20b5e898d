// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.cli.container;

import dev.realmesh.cli.command.CommandException;
import dev.realmesh.cli.command.RunOutput;
import dev.realmesh.proto.host.v1.HostServiceGrpc;
import dev.realmesh.proto.host.v1.LaunchRealmRequest;
import dev.realmesh.proto.host.v1.LaunchRealmResponse;
import dev.realmesh.proto.host.v1.RemoveRealmRequest;
import io.grpc.Channel;
import io.grpc.Context;
import io.grpc.StatusRuntimeException;
import java.util.Iterator;

/// A Realm that was launched for a container. Closing it ends it, unless it is kept.
final class LaunchedRealm implements AutoCloseable {
    private final Channel channel;
    private final Context.CancellableContext call;
    private final String name;
    private boolean kept;

    private LaunchedRealm(Channel channel, Context.CancellableContext call, String name) {
        this.channel = channel;
        this.call = call;
        this.name = name;
    }

    /// Launches one and waits until its agent is there. If this process ends, it ends with it, unless `request` says
    /// keep.
    static LaunchedRealm launch(Channel channel, LaunchRealmRequest request, RunOutput output) {
        Context.CancellableContext call = Context.current().withCancellation();
        try {
            Iterator<LaunchRealmResponse> events = call.wrap(
                            () -> HostServiceGrpc.newBlockingStub(channel).launchRealm(request))
                    .call();
            return new LaunchedRealm(channel, call, ready(events, output));
        } catch (RuntimeException e) {
            call.cancel(null);
            throw e;
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private static String ready(Iterator<LaunchRealmResponse> events, RunOutput output) {
        String name = "";
        while (events.hasNext()) {
            LaunchRealmResponse event = events.next();
            switch (event.getEventCase()) {
                case LAUNCHED -> {
                    name = event.getLaunched().getRealmId();
                    output.launched(event.getLaunched());
                }
                case STEP -> output.step(event.getStep());
                case READY -> {
                    return name;
                }
                case EVENT_NOT_SET -> {}
            }
        }
        throw new CommandException("the launch ended without a Realm (the host went away: is it up?)");
    }

    String name() {
        return name;
    }

    /// It stays.
    void keep() {
        kept = true;
    }

    @Override
    public void close() {
        call.cancel(null);
        if (!kept) {
            try {
                HostServiceGrpc.newBlockingStub(channel)
                        .removeRealm(
                                RemoveRealmRequest.newBuilder().setRealmId(name).build());
            } catch (StatusRuntimeException gone) {
                // The end of its call was enough.
            }
        }
    }
}
