// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.realm.grpc;

import com.google.protobuf.ByteString;
import com.google.protobuf.Duration;
import dev.realmesh.proto.realm.v1.ContainerExited;
import dev.realmesh.proto.realm.v1.RealmAttested;
import dev.realmesh.proto.realm.v1.RunContainerResponse;
import dev.realmesh.proto.realm.v1.StepFinished;
import dev.realmesh.realm.container.ContainerException;
import dev.realmesh.realm.container.RunEvent;
import dev.realmesh.realm.container.RunEvents;
import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import java.util.Locale;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/// The events of a run as messages of its call. Whoever brings an event waits until the call takes more, so a container
/// writes no faster than its caller reads, and nothing is buffered here.
final class CallEvents implements RunEvents {
    private final ServerCallStreamObserver<RunContainerResponse> call;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();

    CallEvents(ServerCallStreamObserver<RunContainerResponse> call) {
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

    @Override
    public void accept(RunEvent event) {
        send(message(event));
    }

    /// The last event of a run that came to its end.
    void exited(int exitCode) {
        send(RunContainerResponse.newBuilder()
                .setExited(ContainerExited.newBuilder().setExitCode(exitCode))
                .build());
        call.onCompleted();
    }

    /// The end of a run that failed; says nothing to a caller who cancelled.
    void failed(Status status) {
        lock.lock();
        try {
            if (!call.isCancelled()) {
                call.onError(status.asRuntimeException());
            }
        } finally {
            lock.unlock();
        }
    }

    private void send(RunContainerResponse message) {
        lock.lock();
        try {
            while (!call.isReady() && !call.isCancelled()) {
                changed.await();
            }
            if (call.isCancelled()) {
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

    private static RunContainerResponse message(RunEvent event) {
        RunContainerResponse.Builder response = RunContainerResponse.newBuilder();
        switch (event) {
            case RunEvent.StepFinished finished -> response.setStep(step(finished));
            case RunEvent.Attested attested ->
                response.setAttested(RealmAttested.newBuilder().setResultId(attested.resultId()));
            case RunEvent.Output output -> {
                ByteString bytes = ByteString.copyFrom(output.bytes().duplicate());
                switch (output.stream()) {
                    case STDOUT -> response.setStdout(bytes);
                    case STDERR -> response.setStderr(bytes);
                }
            }
        }
        return response.build();
    }

    private static StepFinished step(RunEvent.StepFinished finished) {
        return StepFinished.newBuilder()
                .setStep(finished.step().name().toLowerCase(Locale.ROOT))
                .setElapsed(Duration.newBuilder()
                        .setSeconds(finished.elapsed().toSeconds())
                        .setNanos(finished.elapsed().toNanosPart()))
                .setDetail(finished.detail())
                .build();
    }
}
