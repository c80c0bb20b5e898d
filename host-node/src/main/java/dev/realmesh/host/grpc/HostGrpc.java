// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.host.grpc;

import com.google.protobuf.ByteString;
import dev.realmesh.host.launch.Cancellation;
import dev.realmesh.host.launch.InitdataDisk;
import dev.realmesh.host.launch.LaunchException;
import dev.realmesh.host.launch.LaunchException.AgentFailed;
import dev.realmesh.host.launch.LaunchException.BadRequest;
import dev.realmesh.host.launch.LaunchException.Cancelled;
import dev.realmesh.host.launch.LaunchException.NoRoom;
import dev.realmesh.host.launch.LaunchException.NoSuchRealm;
import dev.realmesh.host.launch.LaunchException.NotBuilt;
import dev.realmesh.host.launch.LaunchException.RealmEnded;
import dev.realmesh.host.launch.LaunchWorkload;
import dev.realmesh.host.launch.RealmId;
import dev.realmesh.host.launch.RealmShape;
import dev.realmesh.host.launch.RealmSpec;
import dev.realmesh.host.launch.WorkloadSpec;
import dev.realmesh.proto.host.v1.DescribeMachineRequest;
import dev.realmesh.proto.host.v1.DescribeMachineResponse;
import dev.realmesh.proto.host.v1.DescribeRealmRequest;
import dev.realmesh.proto.host.v1.DescribeRealmResponse;
import dev.realmesh.proto.host.v1.HostServiceGrpc;
import dev.realmesh.proto.host.v1.LaunchRealmRequest;
import dev.realmesh.proto.host.v1.LaunchRealmResponse;
import dev.realmesh.proto.host.v1.ListRealmsRequest;
import dev.realmesh.proto.host.v1.ListRealmsResponse;
import dev.realmesh.proto.host.v1.RemoveRealmRequest;
import dev.realmesh.proto.host.v1.RemoveRealmResponse;
import dev.realmesh.proto.host.v1.RunContainerRequest;
import dev.realmesh.proto.host.v1.RunContainerResponse;
import dev.realmesh.proto.host.v1.WatchRealmRequest;
import dev.realmesh.proto.host.v1.WatchRealmResponse;
import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// `realmesh.host.v1.HostService`.
public final class HostGrpc extends HostServiceGrpc.HostServiceImplBase {
    private static final Logger LOG = LoggerFactory.getLogger(HostGrpc.class);

    private final LaunchWorkload launch;
    private final DebuggingPort port;
    private final RealmShape defaultShape;
    private final Supplier<InitdataDisk> defaultInitdata;

    /// @param port what people may see of the machine
    /// @param defaultShape what a Realm gets that asks for none
    /// @param defaultInitdata what a Realm gets that brings none; throws [LaunchException.BadRequest] if there is none
    public HostGrpc(
            LaunchWorkload launch,
            DebuggingPort port,
            RealmShape defaultShape,
            Supplier<InitdataDisk> defaultInitdata) {
        this.launch = launch;
        this.port = port;
        this.defaultShape = defaultShape;
        this.defaultInitdata = defaultInitdata;
    }

    /// Runs on a thread of its own: the call's own thread must stay free for the client's cancellation.
    @Override
    public void runContainer(RunContainerRequest request, StreamObserver<RunContainerResponse> responses) {
        ServerCallStreamObserver<RunContainerResponse> client =
                (ServerCallStreamObserver<RunContainerResponse>) responses;
        Cancellation cancellation = new Cancellation();
        EventStream events = new EventStream(client, cancellation);
        Thread.ofVirtual().name("run-container").start(() -> run(request, cancellation, events));
    }

    private void run(RunContainerRequest request, Cancellation cancellation, EventStream events) {
        try {
            launch.run(spec(request), cancellation, events);
            events.complete();
        } catch (LaunchException e) {
            LOG.info("{}: {}", request.getImage(), e.getMessage());
            events.fail(status(e).withDescription(e.getMessage()));
        } catch (RuntimeException e) {
            LOG.error("{}: not run", request.getImage(), e);
            events.fail(Status.INTERNAL.withDescription("host: " + e.getMessage()));
        }
    }

    /// Runs on a thread of its own, as [#runContainer] does; the thread lives as long as the Realm.
    @Override
    public void launchRealm(LaunchRealmRequest request, StreamObserver<LaunchRealmResponse> responses) {
        ServerCallStreamObserver<LaunchRealmResponse> client =
                (ServerCallStreamObserver<LaunchRealmResponse>) responses;
        Cancellation cancellation = new Cancellation();
        LaunchStream stream = new LaunchStream(client, cancellation, request.getKeep());
        Thread.ofVirtual().name("live-realm").start(() -> live(request, cancellation, stream));
    }

    private void live(LaunchRealmRequest request, Cancellation cancellation, LaunchStream stream) {
        try {
            RealmSpec spec = new RealmSpec(
                    request.getImage(),
                    initdata(request.getInitdata()),
                    request.getGuestImage(),
                    shape(request.getShape()));
            launch.live(spec, cancellation, stream, stream::ready);
            stream.complete();
        } catch (LaunchException e) {
            LOG.info("Realm for {}: {}", request.getImage(), e.getMessage());
            stream.fail(status(e).withDescription(e.getMessage()));
        } catch (RuntimeException e) {
            LOG.error("Realm for {}: not launched", request.getImage(), e);
            stream.fail(Status.INTERNAL.withDescription("host: " + e.getMessage()));
        }
    }

    private WorkloadSpec spec(RunContainerRequest request) {
        return new WorkloadSpec(
                request.getImage(),
                request.getCommandList(),
                request.getEnvironmentList(),
                request.getDecryptionKeysList(),
                request.getSecretFilesList().stream()
                        .map(file -> new WorkloadSpec.SecretFile(file.getPath(), file.getSealed()))
                        .toList(),
                initdata(request.getInitdata()),
                request.getGuestImage(),
                shape(request.getShape()));
    }

    private InitdataDisk initdata(ByteString document) {
        return document.isEmpty() ? defaultInitdata.get() : InitdataDisk.of(document.toByteArray());
    }

    private RealmShape shape(dev.realmesh.proto.host.v1.RealmShape asked) {
        int memory = asked.getMemoryMib();
        int vcpus = asked.getVcpus();
        return new RealmShape(
                memory == 0 ? defaultShape.memoryMib() : memory, vcpus == 0 ? defaultShape.vcpus() : vcpus);
    }

    @Override
    public void listRealms(ListRealmsRequest request, StreamObserver<ListRealmsResponse> response) {
        ListRealmsResponse.Builder realms = ListRealmsResponse.newBuilder();
        launch.registry().list().forEach(realm -> realms.addRealms(Messages.realm(realm)));
        response.onNext(realms.build());
        response.onCompleted();
    }

    @Override
    public void describeMachine(DescribeMachineRequest request, StreamObserver<DescribeMachineResponse> response) {
        response.onNext(port.machine());
        response.onCompleted();
    }

    @Override
    public void describeRealm(DescribeRealmRequest request, StreamObserver<DescribeRealmResponse> response) {
        answer(
                response,
                () -> DescribeRealmResponse.newBuilder()
                        .setDescription(port.realm(new RealmId(request.getRealmId())))
                        .build());
    }

    /// Runs on a thread of its own, as [#runContainer] does.
    @Override
    public void watchRealm(WatchRealmRequest request, StreamObserver<WatchRealmResponse> responses) {
        ServerCallStreamObserver<WatchRealmResponse> client = (ServerCallStreamObserver<WatchRealmResponse>) responses;
        client.setOnCancelHandler(() -> LOG.debug("watch of {} ended by its client", request.getRealmId()));
        Thread.ofVirtual().name("watch-realm").start(() -> {
            try {
                new RealmWatch(port, launch.registry(), request).run(client);
            } catch (LaunchException e) {
                client.onError(status(e).withDescription(e.getMessage()).asRuntimeException());
            }
        });
    }

    @Override
    public void removeRealm(RemoveRealmRequest request, StreamObserver<RemoveRealmResponse> response) {
        answer(response, () -> {
            launch.registry().remove(new RealmId(request.getRealmId()));
            return RemoveRealmResponse.getDefaultInstance();
        });
    }

    private static <T> void answer(StreamObserver<T> response, Supplier<T> answer) {
        try {
            response.onNext(answer.get());
            response.onCompleted();
        } catch (LaunchException e) {
            response.onError(status(e).withDescription(e.getMessage()).asRuntimeException());
        }
    }

    private static Status status(LaunchException problem) {
        return switch (problem) {
            case BadRequest unused -> Status.INVALID_ARGUMENT;
            case NoRoom unused -> Status.RESOURCE_EXHAUSTED;
            case NotBuilt unused -> Status.INTERNAL;
            case RealmEnded unused -> Status.ABORTED;
            case Cancelled unused -> Status.CANCELLED;
            case NoSuchRealm unused -> Status.NOT_FOUND;
            case AgentFailed failed -> status(failed.reason());
        };
    }

    private static Status status(AgentFailed.Reason reason) {
        return switch (reason) {
            case REFUSED -> Status.FAILED_PRECONDITION;
            case BAD_REQUEST -> Status.INVALID_ARGUMENT;
            case NO_ROOM -> Status.RESOURCE_EXHAUSTED;
            case UNAVAILABLE -> Status.UNAVAILABLE;
            case GONE -> Status.ABORTED;
            case FAILED -> Status.INTERNAL;
        };
    }
}
