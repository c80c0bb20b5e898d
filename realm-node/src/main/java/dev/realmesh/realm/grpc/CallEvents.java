// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.realm.grpc;

import com.google.protobuf.ByteString;
import com.google.protobuf.Duration;
import dev.realmesh.proto.realm.v1.ContainerExited;
import dev.realmesh.proto.realm.v1.LayerProgress;
import dev.realmesh.proto.realm.v1.RealmAttested;
import dev.realmesh.proto.realm.v1.RunContainerResponse;
import dev.realmesh.proto.realm.v1.StepFinished;
import dev.realmesh.realm.container.RunEvent;
import dev.realmesh.realm.container.RunEvents;
import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import java.util.Locale;

/// The events of a run as messages of its call.
final class CallEvents implements RunEvents {
    private final CallStream<RunContainerResponse> stream;

    CallEvents(ServerCallStreamObserver<RunContainerResponse> call) {
        this.stream = new CallStream<>(call);
    }

    /// As [CallStream#onGone].
    void onGone(Runnable task) {
        stream.onGone(task);
    }

    @Override
    public void accept(RunEvent event) {
        stream.send(message(event));
    }

    /// The last event of a run that came to its end.
    void exited(int exitCode) {
        stream.send(RunContainerResponse.newBuilder()
                .setExited(ContainerExited.newBuilder().setExitCode(exitCode))
                .build());
        stream.completed();
    }

    /// The end of a run that failed; says nothing to a caller who cancelled.
    void failed(Status status) {
        stream.failed(status);
    }

    private static RunContainerResponse message(RunEvent event) {
        RunContainerResponse.Builder response = RunContainerResponse.newBuilder();
        switch (event) {
            case RunEvent.StepFinished finished -> response.setStep(step(finished));
            case RunEvent.Attested attested -> response.setAttested(attested(attested));
            case RunEvent.LayerProgress progress -> response.setLayer(layer(progress));
            case RunEvent.Output output -> {
                switch (output.stream()) {
                    case STDOUT -> response.setStdout(bytes(output));
                    case STDERR -> response.setStderr(bytes(output));
                }
            }
        }
        return response.build();
    }

    static ByteString bytes(RunEvent.Output output) {
        return ByteString.copyFrom(output.bytes().duplicate());
    }

    static RealmAttested attested(RunEvent.Attested attested) {
        return RealmAttested.newBuilder().setResultId(attested.resultId()).build();
    }

    static LayerProgress layer(RunEvent.LayerProgress progress) {
        return LayerProgress.newBuilder()
                .setDigest(progress.layer().toString())
                .setBytes(progress.bytes())
                .setSize(progress.size())
                .build();
    }

    static StepFinished step(RunEvent.StepFinished finished) {
        return StepFinished.newBuilder()
                .setStep(finished.step().name().toLowerCase(Locale.ROOT))
                .setElapsed(duration(finished.elapsed()))
                .setDetail(finished.detail())
                .build();
    }

    static Duration duration(java.time.Duration time) {
        return Duration.newBuilder()
                .setSeconds(time.toSeconds())
                .setNanos(time.toNanosPart())
                .build();
    }
}
