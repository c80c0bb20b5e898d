// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.mesh;

import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/// The answers of a call, no faster than its caller takes them, from threads that may wait; nothing is buffered here.
/// Made on the call's own thread, before that returns. Thread-safe.
public final class AnswerStream<R> {
    private final ServerCallStreamObserver<R> call;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private boolean ended;

    public AnswerStream(ServerCallStreamObserver<R> call) {
        this.call = call;
        call.setOnReadyHandler(this::wake);
        call.setOnCancelHandler(this::wake);
    }

    /// Says what is done when the caller has gone; on the call's own thread, as the stream is made.
    public void onGone(Runnable task) {
        call.setOnCancelHandler(() -> {
            wake();
            task.run();
        });
    }

    /// Waits until the transport takes more.
    ///
    /// @return false if the call is over
    public boolean awaitReady() throws InterruptedException {
        lock.lockInterruptibly();
        try {
            while (!call.isReady() && !isOver()) {
                changed.await();
            }
            return !isOver();
        } finally {
            lock.unlock();
        }
    }

    /// Waits until the call is over.
    public void awaitOver() throws InterruptedException {
        lock.lockInterruptibly();
        try {
            while (!isOver()) {
                changed.await();
            }
        } finally {
            lock.unlock();
        }
    }

    /// Sends an answer, unless the call is over.
    public void send(R answer) {
        lock.lock();
        try {
            if (!isOver()) {
                call.onNext(answer);
            }
        } finally {
            lock.unlock();
        }
    }

    /// Asks for another message of the caller's.
    public void request() {
        call.request(1);
    }

    /// Ends the call, if it has not ended yet.
    public void completed() {
        completed(() -> {});
    }

    /// Likewise.
    ///
    /// @param first done before the caller hears of it, and after nobody else can end the call
    public void completed(Runnable first) {
        end(first, call::onCompleted);
    }

    /// Ends the call as failed, if it has not ended yet.
    public void failed(Status status) {
        failed(status, () -> {});
    }

    /// Likewise.
    ///
    /// @param first as of [#completed(Runnable)]
    public void failed(Status status, Runnable first) {
        end(first, () -> call.onError(status.asRuntimeException()));
    }

    private void end(Runnable first, Runnable last) {
        lock.lock();
        try {
            if (!isOver()) {
                ended = true;
                changed.signalAll();
                first.run();
                last.run();
            }
        } finally {
            lock.unlock();
        }
    }

    private boolean isOver() {
        return ended || call.isCancelled();
    }

    private void wake() {
        lock.lock();
        try {
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }
}
