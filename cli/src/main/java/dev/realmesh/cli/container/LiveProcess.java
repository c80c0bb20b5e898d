// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.cli.container;

import com.google.protobuf.ByteString;
import dev.realmesh.cli.command.Caller;
import dev.realmesh.cli.command.CommandException;
import dev.realmesh.cli.command.RunOutput;
import dev.realmesh.proto.realm.v1.InputEnd;
import dev.realmesh.proto.realm.v1.ProcessEvent;
import dev.realmesh.proto.realm.v1.ProcessInput;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import java.io.IOException;
import java.io.InputStream;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// A process in a Realm, connected to who called: its outputs, its exit code, and what of standard input, signals and
/// sizes
/// it is sent. Each chunk of output is written before the next one is asked for.
///
/// @param <Q> what is sent
/// @param <R> what comes
final class LiveProcess<Q, R> implements ClientResponseObserver<Q, R> {
    private static final int CHUNK_BYTES = 16 * 1024;

    private final Caller caller;
    private final Function<ProcessInput, Q> asRequest;
    private final Function<R, ProcessEvent> eventOf;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition change = lock.newCondition();
    private final CompletableFuture<Void> started = new CompletableFuture<>();
    private final CompletableFuture<Integer> exitCode = new CompletableFuture<>();
    private @Nullable ClientCallStreamObserver<Q> call;

    LiveProcess(Caller caller, Function<ProcessInput, Q> asRequest, Function<R, ProcessEvent> eventOf) {
        this.caller = caller;
        this.asRequest = asRequest;
        this.eventOf = eventOf;
    }

    @Override
    public void beforeStart(ClientCallStreamObserver<Q> begun) {
        call = begun;
        begun.setOnReadyHandler(this::wake);
    }

    /// Sends the first message, and waits until the process is connected.
    void begin(Q first) {
        call().onNext(first);
        join(started);
    }

    /// The exit code, when it has ended.
    int await() {
        return join(exitCode);
    }

    /// Passes standard input on, on a thread of its own, until it or the process ends.
    void passInput(InputStream input) {
        Thread.ofPlatform().daemon().name("input").start(() -> pass(input));
    }

    /// Sends something to the process, if it still is.
    void send(ProcessInput input) {
        lock.lock();
        try {
            while (!call().isReady() && !exitCode.isDone()) {
                change.await();
            }
            if (!exitCode.isDone()) {
                call().onNext(asRequest.apply(input));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            lock.unlock();
        }
    }

    /// Leaves it to itself.
    ///
    /// @param code counts as its exit code
    void leave(int code) {
        end(code);
        call().cancel("left", null);
    }

    @Override
    public void onNext(R response) {
        ProcessEvent event = eventOf.apply(response);
        switch (event.getEventCase()) {
            case STARTED -> started.complete(null);
            case STDOUT -> RunOutput.write(event.getStdout(), caller.out());
            case STDERR -> RunOutput.write(event.getStderr(), caller.err());
            case EXITED -> end(event.getExited().getExitCode());
            case EVENT_NOT_SET -> {}
        }
    }

    @Override
    public void onError(Throwable failure) {
        started.completeExceptionally(failure);
        exitCode.completeExceptionally(failure);
        wake();
    }

    @Override
    public void onCompleted() {
        onError(new CommandException("the process ended without an exit code (the Realm went away)"));
    }

    private void pass(InputStream input) {
        byte[] chunk = new byte[CHUNK_BYTES];
        try {
            for (int n = input.read(chunk); n >= 0 && !exitCode.isDone(); n = input.read(chunk)) {
                send(ProcessInput.newBuilder()
                        .setStdin(ByteString.copyFrom(chunk, 0, n))
                        .build());
            }
        } catch (IOException ended) {
            // As at its end.
        }
        send(ProcessInput.newBuilder()
                .setStdinEnd(InputEnd.getDefaultInstance())
                .build());
    }

    private void end(int code) {
        exitCode.complete(code);
        wake();
    }

    private void wake() {
        lock.lock();
        try {
            change.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private ClientCallStreamObserver<Q> call() {
        ClientCallStreamObserver<Q> begun = call;
        if (begun == null) {
            throw new IllegalStateException("call: not begun");
        }
        return begun;
    }

    private static <T> T join(CompletableFuture<T> awaited) {
        try {
            return awaited.join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof StatusRuntimeException status) {
                // Anew, for the thread that asks.
                throw new StatusRuntimeException(status.getStatus(), status.getTrailers());
            }
            if (e.getCause() instanceof CommandException failure) {
                throw failure;
            }
            throw e;
        }
    }
}
