// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.image.grpc;

import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/// The answers of a call, no faster than its caller takes them, from threads that may wait. Made on the call's own
/// thread.
final class AnswerStream<R> {
    /// How calls end whose threads are interrupted.
    static final Status CLOSING = Status.UNAVAILABLE.withDescription("image service: closing");

    private final ServerCallStreamObserver<R> call;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private boolean ended;

    /// @param onGone done when the caller has gone
    AnswerStream(ServerCallStreamObserver<R> call, Runnable onGone) {
        this.call = call;
        call.setOnReadyHandler(this::wake);
        call.setOnCancelHandler(() -> {
            wake();
            onGone.run();
        });
    }

    /// Waits until the transport takes more.
    ///
    /// @return false if the call is over
    /// @throws io.grpc.StatusRuntimeException if this service is closing
    boolean awaitReady() {
        lock.lock();
        try {
            while (!call.isReady() && !isOver()) {
                changed.await();
            }
            return !isOver();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw CLOSING.asRuntimeException();
        } finally {
            lock.unlock();
        }
    }

    /// Waits until the call is over.
    void awaitOver() throws InterruptedException {
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
    void send(R answer) {
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
    void request() {
        call.request(1);
    }

    /// Ends the call, if it has not ended yet.
    void completed() {
        completed(() -> {});
    }

    /// Likewise.
    ///
    /// @param first done before the caller hears of it, and after nobody else can end the call
    void completed(Runnable first) {
        end(first, call::onCompleted);
    }

    /// Ends the call as failed, if it has not ended yet.
    void failed(Status status) {
        failed(status, () -> {});
    }

    /// Likewise.
    ///
    /// @param first as of [#completed(Runnable)]
    void failed(Status status, Runnable first) {
        end(first, () -> call.onError(status.asException()));
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
