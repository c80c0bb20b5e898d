// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.cli;

import com.google.protobuf.ByteString;
import dev.realmesh.proto.host.v1.ContainerExited;
import dev.realmesh.proto.host.v1.HostServiceGrpc;
import dev.realmesh.proto.host.v1.ListRealmsRequest;
import dev.realmesh.proto.host.v1.ListRealmsResponse;
import dev.realmesh.proto.host.v1.Realm;
import dev.realmesh.proto.host.v1.RealmAttested;
import dev.realmesh.proto.host.v1.RealmLaunched;
import dev.realmesh.proto.host.v1.RemoveRealmRequest;
import dev.realmesh.proto.host.v1.RemoveRealmResponse;
import dev.realmesh.proto.host.v1.RunContainerRequest;
import dev.realmesh.proto.host.v1.RunContainerResponse;
import dev.realmesh.proto.host.v1.StepFinished;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

/// A host as its contract has it, without Realms: each run gives the same events and ends as it was told.
final class ScriptedHost extends HostServiceGrpc.HostServiceImplBase {
    final BlockingQueue<RunContainerRequest> requests = new LinkedBlockingQueue<>();
    final List<Realm> realms = new ArrayList<>();
    private Status end = Status.OK;
    private int exitCode;

    /// Runs give all events, and this exit code.
    void exits(int code) {
        end = Status.OK;
        exitCode = code;
    }

    /// Runs end with this, after the Realm was launched.
    void fails(Status why) {
        end = why;
    }

    @Override
    public void runContainer(RunContainerRequest request, StreamObserver<RunContainerResponse> events) {
        requests.add(request);
        events.onNext(RunContainerResponse.newBuilder()
                .setLaunched(
                        RealmLaunched.newBuilder().setRealmId("realm-a").setRim(ByteString.copyFrom(new byte[] {1, 2})))
                .build());
        events.onNext(RunContainerResponse.newBuilder()
                .setStep(StepFinished.newBuilder().setStep("launch").setDetail("fine"))
                .build());
        if (end.isOk()) {
            runs(events);
            events.onCompleted();
        } else {
            events.onError(end.asRuntimeException());
        }
    }

    private void runs(StreamObserver<RunContainerResponse> events) {
        events.onNext(RunContainerResponse.newBuilder()
                .setAttested(RealmAttested.newBuilder().setResultId("result-1"))
                .build());
        events.onNext(RunContainerResponse.newBuilder()
                .setStdout(ByteString.copyFromUtf8("out\n"))
                .build());
        events.onNext(RunContainerResponse.newBuilder()
                .setStderr(ByteString.copyFromUtf8("err\n"))
                .build());
        if (exitCode >= 0) {
            events.onNext(RunContainerResponse.newBuilder()
                    .setExited(ContainerExited.newBuilder().setExitCode(exitCode))
                    .build());
        }
    }

    @Override
    public void listRealms(ListRealmsRequest request, StreamObserver<ListRealmsResponse> response) {
        response.onNext(ListRealmsResponse.newBuilder().addAllRealms(realms).build());
        response.onCompleted();
    }

    @Override
    public void removeRealm(RemoveRealmRequest request, StreamObserver<RemoveRealmResponse> response) {
        if (realms.removeIf(realm -> realm.getRealmId().equals(request.getRealmId()))) {
            response.onNext(RemoveRealmResponse.getDefaultInstance());
            response.onCompleted();
        } else {
            response.onError(Status.NOT_FOUND
                    .withDescription("Realm " + request.getRealmId() + ": not on this host")
                    .asRuntimeException());
        }
    }
}
