// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.mesh.edge;

import io.grpc.ManagedChannel;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import io.grpc.testing.integration.Messages.StreamingOutputCallRequest;
import io.grpc.testing.integration.Messages.StreamingOutputCallResponse;
import io.grpc.testing.integration.TestServiceGrpc;
import io.vertx.core.Vertx;
import io.vertx.core.net.NetServer;
import io.vertx.core.net.NetSocket;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// A client whose process dies sends neither a reset nor a farewell: its connection ends, and that is all.
class ClientThatIsGoneTest {
    private final CompletableFuture<Void> cancelled = new CompletableFuture<>();
    private Vertx vertx;
    private Edge edge;
    private NetServer relay;
    private ManagedChannel channel;

    @BeforeEach
    void start() {
        vertx = Vertx.vertx();
        edge = Edge.open(vertx, EdgeConfig.loopback(0), List.of(new Waiting()), Duration.ofSeconds(1));
        relay = vertx.createNetServer()
                .connectHandler(this::relay)
                .listen(0, "127.0.0.1")
                .await();
        channel = NettyChannelBuilder.forAddress("127.0.0.1", relay.actualPort())
                .usePlaintext()
                .build();
    }

    @AfterEach
    void stop() {
        channel.shutdownNow();
        edge.close();
        vertx.close().await();
    }

    @Test
    void callThatHadAllOfItsRequestIsCancelled() throws Exception {
        Received received = new Received();
        TestServiceGrpc.newStub(channel).streamingOutputCall(StreamingOutputCallRequest.getDefaultInstance(), received);
        received.first.get(20, TimeUnit.SECONDS);

        relay.close().await();

        cancelled.get(20, TimeUnit.SECONDS);
    }

    @Test
    void callThatStillAsksIsCancelled() throws Exception {
        Received received = new Received();
        TestServiceGrpc.newStub(channel)
                .fullDuplexCall(received)
                .onNext(StreamingOutputCallRequest.getDefaultInstance());
        received.first.get(20, TimeUnit.SECONDS);

        relay.close().await();

        cancelled.get(20, TimeUnit.SECONDS);
    }

    private void relay(NetSocket client) {
        client.pause();
        vertx.createNetClient().connect(edge.port(), "127.0.0.1").onSuccess(server -> {
            server.pipeTo(client);
            client.pipeTo(server);
        });
    }

    /// Answers once, and leaves the call open.
    private final class Waiting extends TestServiceGrpc.TestServiceImplBase {
        @Override
        public void streamingOutputCall(
                StreamingOutputCallRequest request, StreamObserver<StreamingOutputCallResponse> responses) {
            answer(responses);
        }

        @Override
        public StreamObserver<StreamingOutputCallRequest> fullDuplexCall(
                StreamObserver<StreamingOutputCallResponse> responses) {
            answer(responses);
            return new Ignored<>();
        }

        private void answer(StreamObserver<StreamingOutputCallResponse> responses) {
            ((ServerCallStreamObserver<StreamingOutputCallResponse>) responses)
                    .setOnCancelHandler(() -> cancelled.complete(null));
            responses.onNext(StreamingOutputCallResponse.getDefaultInstance());
        }
    }

    private static final class Received implements StreamObserver<StreamingOutputCallResponse> {
        private final CompletableFuture<Void> first = new CompletableFuture<>();

        @Override
        public void onNext(StreamingOutputCallResponse response) {
            first.complete(null);
        }

        @Override
        public void onError(Throwable reason) {
            first.completeExceptionally(reason);
        }

        @Override
        public void onCompleted() {
            first.completeExceptionally(new AssertionError("completed"));
        }
    }

    private static final class Ignored<T> implements StreamObserver<T> {
        @Override
        public void onNext(T message) {}

        @Override
        public void onError(Throwable reason) {}

        @Override
        public void onCompleted() {}
    }
}
