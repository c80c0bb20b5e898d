// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.realm.grpc;

import dev.realmesh.proto.realm.v1.ProcessInput;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// A call that is connected to a process in both directions. One thread waits for the process; another passes on what
/// the caller sends, one message at a time: the next one is asked for once the process took the last.
///
/// @param <Q> what the caller sends: first what it wants, then inputs
/// @param <R> what it gets
final class ProcessCall<Q, R> implements StreamObserver<Q> {
    private final ServerCallStreamObserver<R> call;
    private final Opening<Q, R> opening;
    private final Function<Q, ProcessInput> inputOf;
    private final CallStream<R> stream;
    private final BlockingQueue<Q> inputs = new LinkedBlockingQueue<>();
    private final CompletableFuture<ProcessInputs> process = new CompletableFuture<>();
    private volatile @Nullable Thread waiting;
    private volatile @Nullable Thread passing;

    /// Connects to a process.
    interface Opening<Q, R> {
        /// Connects to the process that a caller wants, tells how it is reached, and waits for its end.
        ///
        /// @param first what the caller wants
        void run(Q first, CallStream<R> stream, Consumer<ProcessInputs> opened) throws InterruptedException;
    }

    private ProcessCall(ServerCallStreamObserver<R> call, Opening<Q, R> opening, Function<Q, ProcessInput> inputOf) {
        this.call = call;
        this.opening = opening;
        this.inputOf = inputOf;
        this.stream = new CallStream<>(call);
    }

    /// Takes a call over.
    static <Q, R> StreamObserver<Q> on(
            StreamObserver<R> observer, Opening<Q, R> opening, Function<Q, ProcessInput> inputOf) {
        var call = (ServerCallStreamObserver<R>) observer;
        ProcessCall<Q, R> taken = new ProcessCall<>(call, opening, inputOf);
        call.disableAutoRequest();
        taken.stream.onGone(taken::interrupt);
        call.request(1);
        return taken;
    }

    @Override
    public void onNext(Q message) {
        if (waiting != null) {
            inputs.add(message);
            return;
        }
        // Platform threads: both wait in the kernel.
        Thread run = Thread.ofPlatform().daemon().name("process-call").unstarted(() -> run(message));
        Thread pass = Thread.ofPlatform().daemon().name("process-input").unstarted(this::passOn);
        waiting = run;
        passing = pass;
        run.start();
        pass.start();
    }

    @Override
    public void onError(Throwable cancelled) {
        interrupt();
    }

    @Override
    public void onCompleted() {
        // The caller sends no more; the process goes on.
    }

    private void run(Q first) {
        try {
            opening.run(first, stream, process::complete);
            stream.completed();
        } catch (RuntimeException e) {
            stream.failed(Statuses.of(e));
        } catch (InterruptedException e) {
            // The caller has gone, and is told nothing.
        } finally {
            process.cancel(false);
            interrupt(passing);
        }
    }

    private void passOn() {
        try {
            ProcessInputs target = process.join();
            call.request(1);
            while (true) {
                target.accept(inputOf.apply(inputs.take()));
                call.request(1);
            }
        } catch (CompletionException | CancellationException e) {
            // There is no process, and who waits for it says why.
        } catch (RuntimeException e) {
            stream.failed(Statuses.of(e));
            interrupt(waiting);
        } catch (InterruptedException e) {
            // It has ended.
        }
    }

    private void interrupt() {
        interrupt(waiting);
        interrupt(passing);
    }

    private static void interrupt(@Nullable Thread thread) {
        if (thread != null) {
            thread.interrupt();
        }
    }
}
