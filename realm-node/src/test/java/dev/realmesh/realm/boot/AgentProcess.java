// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.realm.boot;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import dev.realmesh.proto.realm.v1.AttachContainerRequest;
import dev.realmesh.proto.realm.v1.AttachContainerResponse;
import dev.realmesh.proto.realm.v1.AttachStart;
import dev.realmesh.proto.realm.v1.ExecInContainerRequest;
import dev.realmesh.proto.realm.v1.ExecInContainerResponse;
import dev.realmesh.proto.realm.v1.ExecStart;
import dev.realmesh.proto.realm.v1.InputEnd;
import dev.realmesh.proto.realm.v1.ProcessEvent;
import dev.realmesh.proto.realm.v1.ProcessInput;
import dev.realmesh.proto.realm.v1.RealmAgentServiceGrpc;
import dev.realmesh.proto.realm.v1.TerminalSize;
import io.grpc.Channel;
import io.grpc.Context;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Function;

/// A process of a container, as its caller has it.
final class AgentProcess {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private final CompletableFuture<Void> started = new CompletableFuture<>();
    private final CompletableFuture<Integer> exitCode = new CompletableFuture<>();
    private final Context.CancellableContext context = Context.current().withCancellation();
    private Consumer<ProcessInput> input = unused -> {};

    private AgentProcess() {}

    static AgentProcess attach(Channel agent, String name) throws Exception {
        AgentProcess process = new AgentProcess();
        StreamObserver<AttachContainerRequest> call = process.context
                .wrap(() -> RealmAgentServiceGrpc.newStub(agent)
                        .attachContainer(process.events(AttachContainerResponse::getEvent)))
                .call();
        process.input = message -> call.onNext(
                AttachContainerRequest.newBuilder().setInput(message).build());
        call.onNext(AttachContainerRequest.newBuilder()
                .setStart(AttachStart.newBuilder().setName(name))
                .build());
        process.started.get();
        return process;
    }

    static AgentProcess exec(Channel agent, ExecStart start) throws Exception {
        AgentProcess process = new AgentProcess();
        StreamObserver<ExecInContainerRequest> call = process.context
                .wrap(() -> RealmAgentServiceGrpc.newStub(agent)
                        .execInContainer(process.events(ExecInContainerResponse::getEvent)))
                .call();
        process.input = message -> call.onNext(
                ExecInContainerRequest.newBuilder().setInput(message).build());
        call.onNext(ExecInContainerRequest.newBuilder().setStart(start).build());
        return process;
    }

    void write(String text) {
        input.accept(ProcessInput.newBuilder()
                .setStdin(ByteString.copyFromUtf8(text))
                .build());
    }

    void endInput() {
        input.accept(ProcessInput.newBuilder()
                .setStdinEnd(InputEnd.getDefaultInstance())
                .build());
    }

    void resize(int rows, int columns) {
        input.accept(ProcessInput.newBuilder()
                .setSize(TerminalSize.newBuilder().setRows(rows).setColumns(columns))
                .build());
    }

    void cancel() {
        context.cancel(null);
    }

    /// Its exit code.
    ///
    /// @throws io.grpc.StatusRuntimeException if the call failed
    int await() throws InterruptedException {
        try {
            return exitCode.get();
        } catch (ExecutionException e) {
            throw Status.fromThrowable(e.getCause()).asRuntimeException();
        }
    }

    synchronized String out() {
        return out.toString(StandardCharsets.UTF_8);
    }

    synchronized String err() {
        return err.toString(StandardCharsets.UTF_8);
    }

    void awaitOut(String text) {
        awaitTrue(() -> out().contains(text) || exitCode.isDone());
        assertThat(out()).contains(text);
    }

    /// Waits for something that has no event of its own; the test's timeout, an interrupt, bounds it.
    static void awaitTrue(BooleanSupplier condition) {
        while (!condition.getAsBoolean()) {
            if (Thread.currentThread().isInterrupted()) {
                throw new IllegalStateException("interrupted before it came true");
            }
            Thread.yield();
        }
    }

    private <R> StreamObserver<R> events(Function<R, ProcessEvent> eventOf) {
        return new StreamObserver<>() {
            @Override
            public void onNext(R response) {
                take(eventOf.apply(response));
            }

            @Override
            public void onError(Throwable failure) {
                started.completeExceptionally(failure);
                exitCode.completeExceptionally(failure);
            }

            @Override
            public void onCompleted() {
                exitCode.completeExceptionally(new IllegalStateException("no exit code"));
            }
        };
    }

    private synchronized void take(ProcessEvent event) {
        switch (event.getEventCase()) {
            case STARTED -> started.complete(null);
            case STDOUT -> out.writeBytes(event.getStdout().toByteArray());
            case STDERR -> err.writeBytes(event.getStderr().toByteArray());
            case EXITED -> exitCode.complete(event.getExited().getExitCode());
            case EVENT_NOT_SET -> throw new IllegalStateException("an event of no kind");
        }
    }
}
