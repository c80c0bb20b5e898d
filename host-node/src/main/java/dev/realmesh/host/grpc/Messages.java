// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.host.grpc;

import com.google.protobuf.ByteString;
import com.google.protobuf.Duration;
import com.google.protobuf.Timestamp;
import dev.realmesh.cca.Bytes;
import dev.realmesh.host.launch.RealmRegistry.RealmView;
import dev.realmesh.host.launch.RunEvent;
import dev.realmesh.host.launch.RunEvent.Attested;
import dev.realmesh.host.launch.RunEvent.ErrorOutput;
import dev.realmesh.host.launch.RunEvent.Exited;
import dev.realmesh.host.launch.RunEvent.Launched;
import dev.realmesh.host.launch.RunEvent.Output;
import dev.realmesh.proto.host.v1.ContainerExited;
import dev.realmesh.proto.host.v1.Realm;
import dev.realmesh.proto.host.v1.RealmAttested;
import dev.realmesh.proto.host.v1.RealmLaunched;
import dev.realmesh.proto.host.v1.RunContainerResponse;
import dev.realmesh.proto.host.v1.StepFinished;
import java.time.Instant;

/// The host's types as messages.
final class Messages {
    private Messages() {}

    static Realm realm(RealmView realm) {
        return Realm.newBuilder()
                .setRealmId(realm.id().value())
                .setImage(realm.image())
                .setRim(ByteString.copyFrom(realm.rim().toByteArray()))
                .setCreatedAt(timestamp(realm.createdAt()))
                .setState(realm.state().name())
                .build();
    }

    private static Timestamp timestamp(Instant instant) {
        return Timestamp.newBuilder()
                .setSeconds(instant.getEpochSecond())
                .setNanos(instant.getNano())
                .build();
    }

    static RunContainerResponse event(RunEvent event) {
        RunContainerResponse.Builder response = RunContainerResponse.newBuilder();
        return switch (event) {
            case Launched launched -> response.setLaunched(launched(launched)).build();
            case RunEvent.StepFinished step -> response.setStep(step(step)).build();
            case Attested attested ->
                response.setAttested(RealmAttested.newBuilder().setResultId(attested.resultId()))
                        .build();
            case Output output -> response.setStdout(bytes(output.bytes())).build();
            case ErrorOutput output -> response.setStderr(bytes(output.bytes())).build();
            case Exited exited ->
                response.setExited(ContainerExited.newBuilder().setExitCode(exited.code()))
                        .build();
        };
    }

    static RealmLaunched launched(Launched launched) {
        return RealmLaunched.newBuilder()
                .setRealmId(launched.realm().value())
                .setRim(ByteString.copyFrom(launched.rim().toByteArray()))
                .build();
    }

    static StepFinished step(RunEvent.StepFinished step) {
        return StepFinished.newBuilder()
                .setStep(step.step())
                .setElapsed(Duration.newBuilder()
                        .setSeconds(step.elapsed().toSeconds())
                        .setNanos(step.elapsed().toNanosPart()))
                .setDetail(step.detail())
                .build();
    }

    private static ByteString bytes(Bytes bytes) {
        return ByteString.copyFrom(bytes.toByteArray());
    }
}
