// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.host.grpc;

import dev.realmesh.host.launch.Cancellation;
import dev.realmesh.host.launch.RunEvent;
import dev.realmesh.proto.host.v1.RunContainerResponse;
import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

/// Events on their way to the client, as fast as it reads and no faster: the producer waits for it, and with it the
/// guest. Events for a client that is gone, or of a run that was cancelled, are dropped.
final class EventStream implements Consumer<RunEvent> {
    private final ServerCallStreamObserver<RunContainerResponse> client;
    private final Cancellation cancellation;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition change = lock.newCondition();

    EventStream(ServerCallStreamObserver<RunContainerResponse> client, Cancellation cancellation) {
        this.client = client;
        this.cancellation = cancellation;
        client.setOnReadyHandler(this::wake);
        client.setOnCancelHandler(() -> cancellation.cancel("the client cancelled"));
        cancellation.onCancel(this::wake);
    }

    @Override
    public void accept(RunEvent event) {
        lock.lock();
        try {
            while (!client.isReady() && !isOver()) {
                change.awaitUninterruptibly();
            }
        } finally {
            lock.unlock();
        }
        if (!isOver()) {
            client.onNext(Messages.event(event));
        }
    }

    private boolean isOver() {
        return client.isCancelled() || cancellation.isCancelled();
    }

    private void wake() {
        lock.lock();
        try {
            change.signalAll();
        } finally {
            lock.unlock();
        }
    }

    void complete() {
        if (!client.isCancelled()) {
            client.onCompleted();
        }
    }

    void fail(Status status) {
        if (!client.isCancelled()) {
            client.onError(status.asRuntimeException());
        }
    }
}
