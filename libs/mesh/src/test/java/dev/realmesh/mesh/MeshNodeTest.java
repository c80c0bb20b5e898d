// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.mesh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.realmesh.mesh.edge.Edge;
import dev.realmesh.mesh.edge.EdgeConfig;
import io.grpc.Context;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.reflection.v1.ServerReflectionGrpc;
import io.grpc.reflection.v1.ServerReflectionRequest;
import io.grpc.reflection.v1.ServerReflectionResponse;
import io.grpc.reflection.v1.ServiceResponse;
import io.grpc.stub.StreamObserver;
import io.grpc.testing.integration.EmptyProtos.Empty;
import io.grpc.testing.integration.Messages.SimpleRequest;
import io.grpc.testing.integration.TestServiceGrpc;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// A node that is alone in its process.
@Timeout(30)
class MeshNodeTest {
    @Test
    void channelMadeBeforeItsServerFindsIt() throws Exception {
        try (MeshNode node = MeshNode.start(MeshConfig.local())) {
            ManagedChannel channel = node.channel("late");
            assertThat(code(() -> empty(channel))).isEqualTo(Status.Code.UNAVAILABLE);
            Future<Empty> waiting =
                    TestServiceGrpc.newFutureStub(channel).withWaitForReady().emptyCall(Empty.getDefaultInstance());
            node.serve("late", List.of(new Slow()));
            assertThat(waiting.get(5, TimeUnit.SECONDS)).isEqualTo(Empty.getDefaultInstance());
        }
    }

    @Test
    void callToNameThatNobodyServesIsUnavailable() {
        try (MeshNode node = MeshNode.start(MeshConfig.local())) {
            assertThatExceptionOfType(StatusRuntimeException.class)
                    .isThrownBy(() -> empty(node.channel("nobody")))
                    .withMessageStartingWith("UNAVAILABLE: no server at grpc.nobody");
        }
    }

    @Test
    void nameThatTheBusCannotHaveIsRefused() {
        try (MeshNode node = MeshNode.start(MeshConfig.local())) {
            assertThatExceptionOfType(IllegalArgumentException.class)
                    .isThrownBy(() -> node.channel("a@b@c"))
                    .withMessageContaining("a@b@c");
        }
    }

    @Test
    void instancesInOneProcessTakeTurns() {
        try (MeshNode node = MeshNode.start(MeshConfig.local())) {
            node.serve("twice", List.of(new Named("first")));
            MeshNode.Serving second = node.serve("twice", List.of(new Named("second")));
            ManagedChannel channel = node.channel("twice");
            Set<String> answers = new HashSet<>();
            while (answers.size() < 2) {
                answers.add(Named.whoAnswers(channel));
            }
            second.close();
            assertThat(IntStream.range(0, 10).mapToObj(i -> Named.whoAnswers(channel)))
                    .containsOnly("first");
        }
    }

    @Test
    void channelToOneInstanceCallsNoOther() {
        try (MeshNode node = MeshNode.start(MeshConfig.local())) {
            node.serve("agent@1", List.of(new Named("first")));
            MeshNode.Serving second = node.serve("agent@2", List.of(new Named("second")));
            ManagedChannel channel = node.channel("agent@2");
            assertThat(IntStream.range(0, 10).mapToObj(i -> Named.whoAnswers(channel)))
                    .containsOnly("second");
            second.close();
            assertThat(code(() -> Named.whoAnswers(channel))).isEqualTo(Status.Code.UNAVAILABLE);
            node.serve("agent@2", List.of(new Named("again")));
            assertThat(TestServiceGrpc.newBlockingStub(channel)
                            .withWaitForReady()
                            .unaryCall(SimpleRequest.getDefaultInstance())
                            .getServerId())
                    .isEqualTo("again");
        }
    }

    @Test
    void isReadyOnceWhatItNeedsServes() throws Exception {
        HealthConfig health = new HealthConfig("127.0.0.1", Optional.of(0), List.of("broker"));
        try (MeshNode node = MeshNode.start(new MeshConfig(Optional.empty(), health, Duration.ofSeconds(1), 4 << 20))) {
            int port = node.healthPort().orElseThrow();
            assertThat(get(port, "/health/live").statusCode()).isEqualTo(200);
            assertThat(get(port, "/health/ready")).satisfies(answer -> {
                assertThat(answer.statusCode()).isEqualTo(503);
                assertThat(answer.body()).contains("broker");
            });
            node.serve("broker", List.of(new Slow()));
            while (get(port, "/health/ready").statusCode() != 200) {
                Thread.onSpinWait();
            }
            assertThat(node.ready()).isTrue();
        }
    }

    @Test
    void drainLetsCallsEndAndTakesNoNewOnes() throws Exception {
        Slow slow = new Slow();
        try (MeshNode node = MeshNode.start(MeshConfig.local())) {
            MeshNode.Serving serving = node.serve("slow", List.of(slow));
            ManagedChannel channel = node.channel("slow");
            slow.hold = new CountDownLatch(1);
            Future<Empty> call = TestServiceGrpc.newFutureStub(channel).emptyCall(Empty.getDefaultInstance());
            slow.called.await();
            CompletableFuture<Void> closing = CompletableFuture.runAsync(serving::close);
            TestServiceGrpc.TestServiceBlockingStub brief = TestServiceGrpc.newBlockingStub(channel);
            Runnable probe =
                    () -> brief.withDeadlineAfter(100, TimeUnit.MILLISECONDS).emptyCall(Empty.getDefaultInstance());
            while (code(probe) != Status.Code.UNAVAILABLE) {
                Thread.onSpinWait();
            }
            assertThat(closing).isNotDone();
            slow.hold.countDown();
            assertThat(call.get(5, TimeUnit.SECONDS)).isEqualTo(Empty.getDefaultInstance());
            closing.get(5, TimeUnit.SECONDS);
        }
    }

    @Test
    void drainEndsCallsThatTakeTooLong() throws Exception {
        Slow slow = new Slow();
        slow.hold = new CountDownLatch(1);
        MeshConfig config = new MeshConfig(Optional.empty(), HealthConfig.none(), Duration.ofMillis(100), 4 << 20);
        try (MeshNode node = MeshNode.start(config)) {
            MeshNode.Serving serving = node.serve("slow", List.of(slow));
            Future<Empty> call =
                    TestServiceGrpc.newFutureStub(node.channel("slow")).emptyCall(Empty.getDefaultInstance());
            slow.called.await();
            serving.close();
            assertThatExceptionOfType(ExecutionException.class)
                    .isThrownBy(() -> call.get(5, TimeUnit.SECONDS))
                    .satisfies(
                            e -> assertThat(Status.fromThrowable(e.getCause()).getCode())
                                    .isEqualTo(Status.Code.UNAVAILABLE));
        }
    }

    @Test
    void closeLetsItsOwnCallsEnd() throws Exception {
        Slow slow = new Slow();
        slow.hold = new CountDownLatch(1);
        MeshNode node = MeshNode.start(MeshConfig.local());
        node.serve("slow", List.of(slow));
        Future<Empty> call = TestServiceGrpc.newFutureStub(node.channel("slow")).emptyCall(Empty.getDefaultInstance());
        slow.called.await();
        CompletableFuture<Void> closing = CompletableFuture.runAsync(node::close);
        while (node.ready()) {
            Thread.onSpinWait();
        }
        slow.hold.countDown();
        assertThat(call.get(5, TimeUnit.SECONDS)).isEqualTo(Empty.getDefaultInstance());
        closing.get(5, TimeUnit.SECONDS);
    }

    @Test
    void edgeReflectsItsServices() throws Exception {
        try (MeshNode node = MeshNode.start(MeshConfig.local());
                Edge edge = node.openEdge(EdgeConfig.loopback(0), List.of(new Slow()))) {
            ManagedChannel channel = NettyChannelBuilder.forAddress("127.0.0.1", edge.port())
                    .usePlaintext()
                    .build();
            CompletableFuture<ServerReflectionResponse> answer = new CompletableFuture<>();
            StreamObserver<ServerReflectionRequest> ask =
                    ServerReflectionGrpc.newStub(channel).serverReflectionInfo(new First(answer));
            ask.onNext(ServerReflectionRequest.newBuilder().setListServices("").build());
            ask.onCompleted();
            assertThat(answer.get(10, TimeUnit.SECONDS)
                            .getListServicesResponse()
                            .getServiceList())
                    .extracting(ServiceResponse::getName)
                    .contains("grpc.testing.TestService", "grpc.health.v1.Health");
            empty(channel);
            channel.shutdownNow();
        }
    }

    @Test
    void edgeRunsHandlersOffTheEventLoopAndCancelsThemAtTheDeadline() throws Exception {
        Slow slow = new Slow();
        try (MeshNode node = MeshNode.start(MeshConfig.local());
                Edge edge = node.openEdge(EdgeConfig.loopback(0), List.of(slow))) {
            ManagedChannel channel = NettyChannelBuilder.forAddress("127.0.0.1", edge.port())
                    .usePlaintext()
                    .build();
            empty(channel);
            slow.hold = new CountDownLatch(1);
            slow.called = new CountDownLatch(1);
            slow.cancelled = new CountDownLatch(1);
            Future<Empty> call = TestServiceGrpc.newFutureStub(channel)
                    .withDeadlineAfter(2, TimeUnit.SECONDS)
                    .emptyCall(Empty.getDefaultInstance());
            assertThat(slow.called.await(5, TimeUnit.SECONDS)).isTrue();
            assertThat(slow.virtual).isTrue();
            assertThat(slow.cancelled.getCount()).isEqualTo(1);
            assertThatExceptionOfType(ExecutionException.class)
                    .isThrownBy(() -> call.get(5, TimeUnit.SECONDS))
                    .withMessageContaining("DEADLINE_EXCEEDED");
            assertThat(slow.cancelled.await(5, TimeUnit.SECONDS)).isTrue();
            channel.shutdownNow();
        }
    }

    private static void empty(ManagedChannel channel) {
        TestServiceGrpc.newBlockingStub(channel).emptyCall(Empty.getDefaultInstance());
    }

    private static Status.Code code(Runnable call) {
        try {
            call.run();
            return Status.Code.OK;
        } catch (StatusRuntimeException e) {
            return e.getStatus().getCode();
        }
    }

    private static HttpResponse<String> get(int port, String path) throws Exception {
        try (HttpClient client = HttpClient.newHttpClient()) {
            return client.send(
                    HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
        }
    }

    /// Blocks its handler's thread until it is let go.
    private static final class Slow extends TestServiceGrpc.TestServiceImplBase {
        private volatile CountDownLatch called = new CountDownLatch(1);
        private volatile CountDownLatch cancelled = new CountDownLatch(1);
        private volatile CountDownLatch hold = new CountDownLatch(0);
        private volatile boolean virtual;

        @Override
        public void emptyCall(Empty request, StreamObserver<Empty> answers) {
            virtual = Thread.currentThread().isVirtual();
            CountDownLatch over = cancelled;
            Context.current().addListener(context -> over.countDown(), Runnable::run);
            called.countDown();
            try {
                hold.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            answers.onNext(request);
            answers.onCompleted();
        }
    }

    private record First(CompletableFuture<ServerReflectionResponse> answer)
            implements StreamObserver<ServerReflectionResponse> {
        @Override
        public void onNext(ServerReflectionResponse response) {
            answer.complete(response);
        }

        @Override
        public void onError(Throwable cause) {
            answer.completeExceptionally(cause);
        }

        @Override
        public void onCompleted() {}
    }
}
