// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.realm.grpc;

import dev.realmesh.mesh.AnswerStream;
import dev.realmesh.realm.container.ContainerException;
import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;

/// Messages of a call. Whoever brings one waits until the call takes more, so a container writes no faster than its
/// caller reads. Thread-safe.
final class CallStream<R> {
    private final AnswerStream<R> answers;

    CallStream(ServerCallStreamObserver<R> call) {
        this.answers = new AnswerStream<>(call);
    }

    /// As [AnswerStream#onGone].
    void onGone(Runnable task) {
        answers.onGone(task);
    }

    /// Sends a message.
    ///
    /// @throws ContainerException.Cancelled if nobody listens any more, or this thread is interrupted
    void send(R message) {
        try {
            if (!answers.awaitReady()) {
                throw new ContainerException.Cancelled();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ContainerException.Cancelled();
        }
        answers.send(message);
    }

    /// The end of a call that came to its end.
    void completed() {
        answers.completed();
    }

    /// The end of a call that failed; says nothing to a caller who cancelled.
    void failed(Status status) {
        answers.failed(status);
    }
}
