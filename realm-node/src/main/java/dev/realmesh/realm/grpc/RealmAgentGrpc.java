// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.realm.grpc;

import dev.realmesh.proto.realm.v1.AttachContainerRequest;
import dev.realmesh.proto.realm.v1.AttachContainerResponse;
import dev.realmesh.proto.realm.v1.ContainerCreated;
import dev.realmesh.proto.realm.v1.CreateContainerRequest;
import dev.realmesh.proto.realm.v1.CreateContainerResponse;
import dev.realmesh.proto.realm.v1.ExecInContainerRequest;
import dev.realmesh.proto.realm.v1.ExecInContainerResponse;
import dev.realmesh.proto.realm.v1.ExecStart;
import dev.realmesh.proto.realm.v1.ListContainersRequest;
import dev.realmesh.proto.realm.v1.ListContainersResponse;
import dev.realmesh.proto.realm.v1.ReadLogsRequest;
import dev.realmesh.proto.realm.v1.ReadLogsResponse;
import dev.realmesh.proto.realm.v1.RealmAgentServiceGrpc.RealmAgentServiceImplBase;
import dev.realmesh.proto.realm.v1.RemoveContainerRequest;
import dev.realmesh.proto.realm.v1.RemoveContainerResponse;
import dev.realmesh.proto.realm.v1.RunContainerRequest;
import dev.realmesh.proto.realm.v1.RunContainerResponse;
import dev.realmesh.proto.realm.v1.SignalContainerRequest;
import dev.realmesh.proto.realm.v1.SignalContainerResponse;
import dev.realmesh.proto.realm.v1.StartContainerRequest;
import dev.realmesh.proto.realm.v1.StartContainerResponse;
import dev.realmesh.proto.realm.v1.StopContainerRequest;
import dev.realmesh.proto.realm.v1.StopContainerResponse;
import dev.realmesh.proto.realm.v1.WaitContainerRequest;
import dev.realmesh.proto.realm.v1.WaitContainerResponse;
import dev.realmesh.realm.container.Container;
import dev.realmesh.realm.container.ContainerException;
import dev.realmesh.realm.container.ContainerView;
import dev.realmesh.realm.container.Containers;
import dev.realmesh.realm.container.RecordStart;
import dev.realmesh.realm.container.RunContainer;
import dev.realmesh.realm.container.RunEvent;
import dev.realmesh.realm.container.RunningProcess;
import dev.realmesh.realm.container.SignalName;
import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.time.Duration;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// `RealmAgentService`: each call on a thread of its own, which a cancelled call interrupts.
public final class RealmAgentGrpc extends RealmAgentServiceImplBase {
    private static final Logger LOG = LoggerFactory.getLogger(RealmAgentGrpc.class);

    private final RunContainer runContainer;
    private final Containers containers;
    private final RecordStart recordStart;

    public RealmAgentGrpc(RunContainer runContainer, Containers containers, RecordStart recordStart) {
        this.runContainer = runContainer;
        this.containers = containers;
        this.recordStart = recordStart;
    }

    @Override
    public void runContainer(RunContainerRequest request, StreamObserver<RunContainerResponse> observer) {
        var call = (ServerCallStreamObserver<RunContainerResponse>) observer;
        CallEvents events = new CallEvents(call);
        Thread run = Thread.ofVirtual().name("run-container").unstarted(() -> run(request, events));
        events.onGone(run::interrupt);
        run.start();
    }

    private void run(RunContainerRequest request, CallEvents events) {
        try {
            events.exited(runContainer.run(Requests.run(request), events));
        } catch (RuntimeException e) {
            events.failed(told("run of " + request.getImage(), e));
        }
    }

    @Override
    public void createContainer(CreateContainerRequest request, StreamObserver<CreateContainerResponse> observer) {
        answer("create", observer, stream -> {
            Container created = containers.create(
                    Requests.run(request.getRun()), Requests.options(request), event -> creation(event, stream));
            var message = ContainerCreated.newBuilder().setName(created.name()).setRemark(created.remark());
            try {
                stream.send(
                        CreateContainerResponse.newBuilder().setCreated(message).build());
            } catch (ContainerException.Cancelled nobodyKnowsIt) {
                containers.remove(created, Duration.ZERO);
                throw nobodyKnowsIt;
            }
        });
    }

    private static void creation(RunEvent event, CallStream<CreateContainerResponse> stream) {
        CreateContainerResponse.Builder response = CreateContainerResponse.newBuilder();
        switch (event) {
            case RunEvent.StepFinished finished ->
                stream.send(response.setStep(CallEvents.step(finished)).build());
            case RunEvent.Attested attested ->
                stream.send(response.setAttested(CallEvents.attested(attested)).build());
            case RunEvent.LayerProgress progress ->
                stream.send(response.setLayer(CallEvents.layer(progress)).build());
            case RunEvent.Output output -> throw new IllegalStateException(output.stream() + " before the start");
        }
    }

    @Override
    public void startContainer(StartContainerRequest request, StreamObserver<StartContainerResponse> observer) {
        answer("start", observer, stream -> {
            containers.get(request.getName()).start();
            String resultId = recordStart.record().resultId();
            stream.send(
                    StartContainerResponse.newBuilder().setResultId(resultId).build());
        });
    }

    @Override
    public void waitContainer(WaitContainerRequest request, StreamObserver<WaitContainerResponse> observer) {
        answer("wait", observer, stream -> {
            int exitCode = containers.get(request.getName()).await();
            stream.send(WaitContainerResponse.newBuilder().setExitCode(exitCode).build());
        });
    }

    @Override
    public void signalContainer(SignalContainerRequest request, StreamObserver<SignalContainerResponse> observer) {
        answer("signal", observer, stream -> {
            containers.signal(request.getName(), SignalName.number(request.getSignal()));
            stream.send(SignalContainerResponse.getDefaultInstance());
        });
    }

    @Override
    public void stopContainer(StopContainerRequest request, StreamObserver<StopContainerResponse> observer) {
        answer("stop", observer, stream -> {
            containers.get(request.getName()).stop(Requests.grace(request));
            stream.send(StopContainerResponse.getDefaultInstance());
        });
    }

    @Override
    public void removeContainer(RemoveContainerRequest request, StreamObserver<RemoveContainerResponse> observer) {
        answer("remove", observer, stream -> {
            containers.remove(containers.get(request.getName()), Duration.ZERO);
            stream.send(RemoveContainerResponse.getDefaultInstance());
        });
    }

    @Override
    public void listContainers(ListContainersRequest request, StreamObserver<ListContainersResponse> observer) {
        answer("list", observer, stream -> {
            ListContainersResponse.Builder all = ListContainersResponse.newBuilder();
            containers.list().forEach(view -> all.addContainers(container(view)));
            stream.send(all.build());
        });
    }

    private static dev.realmesh.proto.realm.v1.Container container(ContainerView view) {
        var message = dev.realmesh.proto.realm.v1.Container.newBuilder()
                .setName(view.name())
                .setImage(view.image())
                .setState(view.state().name())
                .setRestarts(view.restarts())
                .setProblem(view.problem())
                .setStdin(view.streams().input())
                .setTerminal(view.streams().terminal().isPresent());
        view.exitCode().ifPresent(message::setExitCode);
        view.usage()
                .ifPresent(usage -> message.getUsageBuilder()
                        .setProcesses(usage.processes())
                        .setProcessorTime(CallEvents.duration(usage.processorTime()))
                        .setMemoryBytes(usage.memoryBytes()));
        return message.build();
    }

    @Override
    public StreamObserver<AttachContainerRequest> attachContainer(StreamObserver<AttachContainerResponse> observer) {
        return ProcessCall.on(observer, this::attach, AttachContainerRequest::getInput);
    }

    private void attach(
            AttachContainerRequest first, CallStream<AttachContainerResponse> stream, Consumer<ProcessInputs> opened)
            throws InterruptedException {
        Container container = containers.get(first.getStart().getName());
        ProcessEvents events = new ProcessEvents(event ->
                stream.send(AttachContainerResponse.newBuilder().setEvent(event).build()));
        var attachment = containers.attach(container, events);
        try {
            events.started();
            opened.accept(new ProcessInputs.OfContainer(containers, container));
            events.exited(container.await());
        } finally {
            attachment.close();
        }
    }

    @Override
    public StreamObserver<ExecInContainerRequest> execInContainer(StreamObserver<ExecInContainerResponse> observer) {
        return ProcessCall.on(observer, this::exec, ExecInContainerRequest::getInput);
    }

    private void exec(
            ExecInContainerRequest first, CallStream<ExecInContainerResponse> stream, Consumer<ProcessInputs> opened) {
        ExecStart start = first.getStart();
        RunningProcess process = containers.exec(start.getName(), Requests.exec(start));
        ProcessEvents events = new ProcessEvents(event ->
                stream.send(ExecInContainerResponse.newBuilder().setEvent(event).build()));
        opened.accept(new ProcessInputs.OfFurther(process));
        events.started();
        events.exited(process.await(containers.visible(events)));
    }

    @Override
    public void readLogs(ReadLogsRequest request, StreamObserver<ReadLogsResponse> observer) {
        answer("logs", observer, stream -> {
            LogPages.send(containers.log(request.getName()), request.getFollow(), stream);
        });
    }

    private <R> void answer(String what, StreamObserver<R> observer, Answer<R> answer) {
        var call = (ServerCallStreamObserver<R>) observer;
        CallStream<R> stream = new CallStream<>(call);
        Thread thread = Thread.ofVirtual().name("agent-" + what).unstarted(() -> {
            try {
                answer.to(stream);
                stream.completed();
            } catch (RuntimeException e) {
                stream.failed(told(what, e));
            } catch (InterruptedException e) {
                LOG.debug("{}: its caller left", what);
            }
        });
        stream.onGone(thread::interrupt);
        thread.start();
    }

    /// What answers a call.
    private interface Answer<R> {
        void to(CallStream<R> stream) throws InterruptedException;
    }

    private static Status told(String what, RuntimeException e) {
        Status status = Statuses.of(e);
        LOG.atWarn()
                .setCause(status.getCode() == Status.Code.INTERNAL ? e : null)
                .log("{}: {}: {}", what, status.getCode(), status.getDescription());
        return status;
    }
}
