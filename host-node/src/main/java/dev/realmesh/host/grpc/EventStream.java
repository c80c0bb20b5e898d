// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.host.grpc;

import dev.realmesh.host.launch.RunEvent;
import dev.realmesh.proto.host.v1.RunContainerResponse;
import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

/// Events on their way to the client, as fast as it reads and no faster: the producer waits for it, and with it the
/// guest. Events for a client that is gone are dropped.
final class EventStream implements Consumer<RunEvent> {
    private final ServerCallStreamObserver<RunContainerResponse> client;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition change = lock.newCondition();

    EventStream(ServerCallStreamObserver<RunContainerResponse> client) {
        this.client = client;
    }

    @Override
    public void accept(RunEvent event) {
        lock.lock();
        try {
            while (!client.isReady() && !client.isCancelled()) {
                change.awaitUninterruptibly();
            }
        } finally {
            lock.unlock();
        }
        if (!client.isCancelled()) {
            client.onNext(Messages.event(event));
        }
    }

    /// The client reads again, or is gone.
    void wake() {
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
