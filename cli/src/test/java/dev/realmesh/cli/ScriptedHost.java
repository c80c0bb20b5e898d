// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.cli;

import com.google.protobuf.ByteString;
import dev.realmesh.proto.host.v1.ContainerExited;
import dev.realmesh.proto.host.v1.DescribeRealmRequest;
import dev.realmesh.proto.host.v1.DescribeRealmResponse;
import dev.realmesh.proto.host.v1.HostServiceGrpc;
import dev.realmesh.proto.host.v1.ListRealmsRequest;
import dev.realmesh.proto.host.v1.ListRealmsResponse;
import dev.realmesh.proto.host.v1.Realm;
import dev.realmesh.proto.host.v1.RealmAttested;
import dev.realmesh.proto.host.v1.RealmDescription;
import dev.realmesh.proto.host.v1.RealmLaunched;
import dev.realmesh.proto.host.v1.RecDescription;
import dev.realmesh.proto.host.v1.RemoveRealmRequest;
import dev.realmesh.proto.host.v1.RemoveRealmResponse;
import dev.realmesh.proto.host.v1.RunContainerRequest;
import dev.realmesh.proto.host.v1.RunContainerResponse;
import dev.realmesh.proto.host.v1.StepFinished;
import dev.realmesh.proto.host.v1.WatchRealmRequest;
import dev.realmesh.proto.host.v1.WatchRealmResponse;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.StreamObserver;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
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
    public void describeRealm(DescribeRealmRequest request, StreamObserver<DescribeRealmResponse> response) {
        Optional<RealmDescription> found = described(request.getRealmId());
        if (found.isEmpty()) {
            response.onError(absent(request.getRealmId()));
            return;
        }
        response.onNext(
                DescribeRealmResponse.newBuilder().setDescription(found.get()).build());
        response.onCompleted();
    }

    @Override
    public void watchRealm(WatchRealmRequest request, StreamObserver<WatchRealmResponse> response) {
        RealmDescription first = described(request.getRealmId()).orElseThrow();
        response.onNext(WatchRealmResponse.newBuilder().setDescription(first).build());
        response.onNext(WatchRealmResponse.newBuilder()
                .setDescription(first.toBuilder().setRmmState("SYSTEM_OFF").putExits("PSCI", 1))
                .build());
        response.onCompleted();
    }

    private Optional<RealmDescription> described(String id) {
        return realms.stream()
                .filter(realm -> realm.getRealmId().equals(id))
                .map(realm -> RealmDescription.newBuilder()
                        .setRealm(realm)
                        .setRmmState("ACTIVE")
                        .addRem(ByteString.copyFrom(new byte[] {0x5a, 1}))
                        .addRem(ByteString.copyFrom(new byte[2]))
                        .setIpaBits(41)
                        .putTables(1, 2)
                        .putTables(3, 60)
                        .setOwnBytes(3 << 20)
                        .addRecs(RecDescription.newBuilder().setActivity("RUNNING"))
                        .addRecs(RecDescription.newBuilder().setMpidr(1).setActivity("WAITING_FOR_PSCI"))
                        .putExits("IRQ", 3)
                        .putExits("FIQ", 0)
                        .build())
                .findFirst();
    }

    private static StatusRuntimeException absent(String id) {
        return Status.NOT_FOUND
                .withDescription("Realm " + id + ": not on this host")
                .asRuntimeException();
    }

    @Override
    public void removeRealm(RemoveRealmRequest request, StreamObserver<RemoveRealmResponse> response) {
        if (realms.removeIf(realm -> realm.getRealmId().equals(request.getRealmId()))) {
            response.onNext(RemoveRealmResponse.getDefaultInstance());
            response.onCompleted();
        } else {
            response.onError(absent(request.getRealmId()));
        }
    }
}
