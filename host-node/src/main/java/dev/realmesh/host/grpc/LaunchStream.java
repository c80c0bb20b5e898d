// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.host.grpc;

import dev.realmesh.host.launch.Cancellation;
import dev.realmesh.host.launch.RunEvent;
import dev.realmesh.proto.host.v1.LaunchRealmResponse;
import dev.realmesh.proto.host.v1.RealmReady;
import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import java.util.function.Consumer;

/// A launch as messages to its client: a handful, so none waits for another. The Realm goes with the call, unless it is
/// kept: then the call ends once the Realm is ready, and what comes after it is dropped. Thread-safe.
final class LaunchStream implements Consumer<RunEvent> {
    private final ServerCallStreamObserver<LaunchRealmResponse> client;
    private final boolean keep;
    private boolean ended;

    LaunchStream(ServerCallStreamObserver<LaunchRealmResponse> client, Cancellation cancellation, boolean keep) {
        this.client = client;
        this.keep = keep;
        client.setOnCancelHandler(() -> leave(cancellation));
    }

    @Override
    public void accept(RunEvent event) {
        LaunchRealmResponse.Builder response = LaunchRealmResponse.newBuilder();
        switch (event) {
            case RunEvent.Launched launched ->
                send(response.setLaunched(Messages.launched(launched)).build());
            case RunEvent.StepFinished step ->
                send(response.setStep(Messages.step(step)).build());
            default -> throw new IllegalStateException(event + " in a launch (expected: of a run)");
        }
    }

    /// The Realm's agent is there.
    synchronized void ready() {
        send(LaunchRealmResponse.newBuilder()
                .setReady(RealmReady.getDefaultInstance())
                .build());
        if (keep) {
            complete();
        }
    }

    synchronized void complete() {
        if (!isOver()) {
            ended = true;
            client.onCompleted();
        }
    }

    synchronized void fail(Status status) {
        if (!isOver()) {
            ended = true;
            client.onError(status.asRuntimeException());
        }
    }

    private synchronized void send(LaunchRealmResponse message) {
        if (!isOver()) {
            client.onNext(message);
        }
    }

    private synchronized void leave(Cancellation cancellation) {
        if (!ended) {
            cancellation.cancel("the client cancelled");
        }
    }

    private boolean isOver() {
        return ended || client.isCancelled();
    }
}
