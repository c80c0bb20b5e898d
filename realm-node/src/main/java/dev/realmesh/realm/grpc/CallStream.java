// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.realm.grpc;

import dev.realmesh.realm.container.ContainerException;
import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/// Messages of a call. Whoever brings one waits until the call takes more, so a container writes no faster than its
/// caller reads, and nothing is buffered here. Thread-safe.
final class CallStream<R> {
    private final ServerCallStreamObserver<R> call;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private boolean ended;

    CallStream(ServerCallStreamObserver<R> call) {
        this.call = call;
    }

    /// The call may be ready again, or cancelled.
    void wake() {
        lock.lock();
        try {
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /// Sends a message.
    ///
    /// @throws ContainerException.Cancelled if nobody listens any more, or this thread is interrupted
    void send(R message) {
        lock.lock();
        try {
            while (!call.isReady() && !isOver()) {
                changed.await();
            }
            if (isOver()) {
                throw new ContainerException.Cancelled();
            }
            call.onNext(message);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ContainerException.Cancelled();
        } finally {
            lock.unlock();
        }
    }

    /// The end of a call that came to its end.
    void completed() {
        lock.lock();
        try {
            if (!isOver()) {
                ended = true;
                call.onCompleted();
            }
        } finally {
            lock.unlock();
        }
    }

    /// The end of a call that failed; says nothing to a caller who cancelled.
    void failed(Status status) {
        lock.lock();
        try {
            if (!isOver()) {
                ended = true;
                changed.signalAll();
                call.onError(status.asRuntimeException());
            }
        } finally {
            lock.unlock();
        }
    }

    private boolean isOver() {
        return ended || call.isCancelled();
    }
}
