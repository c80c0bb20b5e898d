// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.realm.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.realmesh.proto.realm.v1.RunContainerResponse;
import dev.realmesh.realm.container.ContainerException;
import dev.realmesh.realm.container.RunEvent;
import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Events of a run wait for a caller who reads slowly, and end when the caller leaves.
@Timeout(30)
class CallEventsTest {
    private static final RunEvent OUTPUT =
            new RunEvent.Output(RunEvent.Stream.STDOUT, ByteBuffer.wrap(new byte[] {'x'}));

    private final SlowCall call = new SlowCall();
    private final CallEvents events = new CallEvents(call);

    @Test
    void waitsUntilTheCallTakesMore() throws InterruptedException {
        CompletableFuture<Void> sent = new CompletableFuture<>();
        Thread sender = Thread.ofPlatform().start(() -> {
            events.accept(OUTPUT);
            sent.complete(null);
        });
        awaitBlocked(sender);
        assertThat(call.messages()).isEmpty();
        assertThat(sent).isNotDone();

        call.becomeReady();

        sent.join();
        assertThat(call.messages()).hasSize(1);
    }

    @Test
    void endsWhenTheCallerLeaves() throws InterruptedException {
        CompletableFuture<Throwable> end = new CompletableFuture<>();
        Thread sender = Thread.ofPlatform().start(() -> {
            try {
                events.accept(OUTPUT);
            } catch (ContainerException.Cancelled e) {
                end.complete(e);
            }
        });
        awaitBlocked(sender);

        call.becomeCancelled();

        assertThat(end.join()).isInstanceOf(ContainerException.Cancelled.class);
        assertThat(call.messages()).isEmpty();
    }

    @Test
    void endsWhenInterruptedAndSaysNothingToWhoLeft() {
        Thread.currentThread().interrupt();
        assertThatThrownBy(() -> events.accept(OUTPUT)).isInstanceOf(ContainerException.Cancelled.class);
        assertThat(Thread.interrupted()).isTrue();

        call.becomeCancelled();
        events.failed(Status.CANCELLED);
        assertThat(call.ended()).isFalse();
    }

    private static void awaitBlocked(Thread thread) {
        while (thread.getState() != Thread.State.WAITING) {
            Thread.onSpinWait();
        }
    }

    /// A call whose readiness the test sets.
    private static final class SlowCall extends ServerCallStreamObserver<RunContainerResponse> {
        private final List<RunContainerResponse> messages = new ArrayList<>();
        private Runnable onReady = () -> {};
        private Runnable onCancel = () -> {};
        private boolean ready;
        private boolean cancelled;
        private boolean ended;

        void becomeReady() {
            synchronized (this) {
                ready = true;
            }
            onReady.run();
        }

        void becomeCancelled() {
            synchronized (this) {
                cancelled = true;
            }
            onCancel.run();
        }

        synchronized List<RunContainerResponse> messages() {
            return List.copyOf(messages);
        }

        synchronized boolean ended() {
            return ended;
        }

        @Override
        public synchronized boolean isReady() {
            return ready;
        }

        @Override
        public synchronized boolean isCancelled() {
            return cancelled;
        }

        @Override
        public synchronized void onNext(RunContainerResponse message) {
            messages.add(message);
        }

        @Override
        public synchronized void onError(Throwable failure) {
            ended = true;
        }

        @Override
        public synchronized void onCompleted() {
            ended = true;
        }

        @Override
        public void setOnCancelHandler(Runnable handler) {
            onCancel = handler;
        }

        @Override
        public void setOnReadyHandler(Runnable handler) {
            onReady = handler;
        }

        @Override
        public void setCompression(String compression) {}

        @Override
        public void disableAutoInboundFlowControl() {}

        @Override
        public void request(int count) {}

        @Override
        public void setMessageCompression(boolean enable) {}
    }
}
