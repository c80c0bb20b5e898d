// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.mesh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Server;
import io.grpc.Status;
import io.grpc.inprocess.InProcessChannelBuilder;
import io.grpc.inprocess.InProcessServerBuilder;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import io.grpc.testing.integration.Messages.StreamingOutputCallRequest;
import io.grpc.testing.integration.Messages.StreamingOutputCallResponse;
import io.grpc.testing.integration.TestServiceGrpc;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Who has an answer waits for the caller to take it, and for nothing longer than there is a call.
@Timeout(30)
class AnswerStreamTest {
    private static final StreamingOutputCallResponse ANSWER = StreamingOutputCallResponse.getDefaultInstance();

    private final CompletableFuture<AnswerStream<StreamingOutputCallResponse>> served = new CompletableFuture<>();
    private final CompletableFuture<Void> gone = new CompletableFuture<>();
    private final LinkedBlockingQueue<StreamingOutputCallResponse> received = new LinkedBlockingQueue<>();
    private final CompletableFuture<Status> closed = new CompletableFuture<>();
    private Server server;
    private ManagedChannel channel;
    private ClientCall<StreamingOutputCallRequest, StreamingOutputCallResponse> call;

    @BeforeEach
    void call() throws IOException {
        String name = InProcessServerBuilder.generateName();
        server = InProcessServerBuilder.forName(name)
                .addService(new Service())
                .build()
                .start();
        channel = InProcessChannelBuilder.forName(name).build();
        call = channel.newCall(TestServiceGrpc.getStreamingOutputCallMethod(), CallOptions.DEFAULT);
        call.start(new Receiver(), new Metadata());
        call.sendMessage(StreamingOutputCallRequest.getDefaultInstance());
        call.halfClose();
    }

    @AfterEach
    void stop() {
        channel.shutdownNow();
        server.shutdownNow();
    }

    @Test
    void waitsUntilTheCallerTakesMore() throws Exception {
        AnswerStream<StreamingOutputCallResponse> answers = served.get();
        CompletableFuture<Boolean> ready = waiting(answers);
        assertThatThrownBy(() -> ready.get(200, TimeUnit.MILLISECONDS)).isInstanceOf(TimeoutException.class);

        call.request(1);

        assertThat(ready.get()).isTrue();
        answers.send(ANSWER);
        assertThat(received.take()).isEqualTo(ANSWER);
    }

    @Test
    void waitsNoLongerOnceTheCallerHasGone() throws Exception {
        AnswerStream<StreamingOutputCallResponse> answers = served.get();
        CompletableFuture<Boolean> ready = waiting(answers);

        call.cancel("left", null);

        assertThat(ready.get()).isFalse();
        gone.get();
        answers.awaitOver();
        answers.send(ANSWER);
        answers.completed();
        assertThat(closed.get().getCode()).isEqualTo(Status.Code.CANCELLED);
    }

    @Test
    void endsOnce() throws Exception {
        AnswerStream<StreamingOutputCallResponse> answers = served.get();
        CompletableFuture<Boolean> ready = waiting(answers);
        CompletableFuture<Void> before = new CompletableFuture<>();

        answers.failed(Status.RESOURCE_EXHAUSTED, () -> before.complete(null));
        answers.failed(Status.INTERNAL, () -> before.completeExceptionally(new IllegalStateException("ended twice")));
        answers.completed();

        assertThat(ready.get()).isFalse();
        assertThat(before).isCompleted();
        assertThat(closed.get().getCode()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
    }

    private static CompletableFuture<Boolean> waiting(AnswerStream<?> answers) {
        CompletableFuture<Boolean> ready = new CompletableFuture<>();
        Thread.ofVirtual().start(() -> {
            try {
                ready.complete(answers.awaitReady());
            } catch (InterruptedException e) {
                ready.completeExceptionally(e);
            }
        });
        return ready;
    }

    private final class Service extends TestServiceGrpc.TestServiceImplBase {
        @Override
        public void streamingOutputCall(
                StreamingOutputCallRequest request, StreamObserver<StreamingOutputCallResponse> responses) {
            AnswerStream<StreamingOutputCallResponse> answers =
                    new AnswerStream<>((ServerCallStreamObserver<StreamingOutputCallResponse>) responses);
            answers.onGone(() -> gone.complete(null));
            served.complete(answers);
        }
    }

    private final class Receiver extends ClientCall.Listener<StreamingOutputCallResponse> {
        @Override
        public void onMessage(StreamingOutputCallResponse message) {
            received.add(message);
        }

        @Override
        public void onClose(Status status, Metadata trailers) {
            closed.complete(status);
        }
    }
}
