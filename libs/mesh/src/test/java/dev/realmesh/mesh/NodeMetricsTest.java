// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.mesh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.realmesh.mesh.edge.Edge;
import dev.realmesh.mesh.edge.EdgeConfig;
import io.grpc.BindableService;
import io.grpc.Context;
import io.grpc.ManagedChannel;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.StreamObserver;
import io.grpc.testing.integration.EmptyProtos.Empty;
import io.grpc.testing.integration.TestServiceGrpc;
import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.model.registry.Collector;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// `/metrics` on the health port: calls on bus and edge, the JVM, and what a service counts itself.
@Timeout(60)
class NodeMetricsTest {
    private static final String LABELS = "grpc_method=\"EmptyCall\",grpc_service=\"grpc.testing.TestService\"";

    private final HttpClient http = HttpClient.newHttpClient();
    private MeshNode node;

    @BeforeEach
    void start() {
        HealthConfig health = new HealthConfig("127.0.0.1", Optional.of(0), List.of());
        node = MeshNode.start(new MeshConfig(Optional.empty(), health, Duration.ofSeconds(1), 4 << 20));
    }

    @AfterEach
    void stop() {
        node.close();
        http.close();
    }

    @Test
    void countsCallsOnBusAndEdgeByMethodAndStatus() throws Exception {
        node.serve("silent", List.of((BindableService) new TestServiceGrpc.TestServiceImplBase() {}));
        Edge edge = node.openEdge(EdgeConfig.loopback(0), List.of(new Answering()));
        ManagedChannel outside = NettyChannelBuilder.forAddress("127.0.0.1", edge.port())
                .usePlaintext()
                .build();

        node.serve("answering", List.of(new Answering()));
        assertThat(call(node.channel("answering"))).isNotNull();
        assertThat(call(outside)).isNotNull();
        assertThatExceptionOfType(StatusRuntimeException.class).isThrownBy(() -> call(node.channel("silent")));
        outside.shutdownNow();

        assertThat(read(""))
                .contains("grpc_server_handled_total{grpc_code=\"OK\"," + LABELS + "} 2.0")
                .contains("grpc_server_handled_total{grpc_code=\"UNIMPLEMENTED\"," + LABELS + "} 1.0")
                .contains("grpc_server_handling_seconds_count{" + LABELS + "} 3")
                .contains("grpc_server_in_flight{" + LABELS + "} 0.0");
    }

    @Test
    void countsWhatIsInFlightUntilItsCallerGoesAway() throws Exception {
        Waiting waiting = new Waiting();
        node.serve("waiting", List.of(waiting));
        ManagedChannel channel = node.channel("waiting");
        var call = TestServiceGrpc.newFutureStub(channel).emptyCall(Empty.getDefaultInstance());
        waiting.called.await();
        assertThat(read("")).contains("grpc_server_in_flight{" + LABELS + "} 1.0");

        call.cancel(true);
        waiting.cancelled.await();
        String after = read("");
        while (!after.contains("grpc_server_in_flight{" + LABELS + "} 0.0")) {
            after = read("");
        }
        assertThat(after).contains("grpc_server_handled_total{grpc_code=\"CANCELLED\"," + LABELS + "} 1.0");
    }

    @Test
    void showsWhatAServiceCountsForAsLongAsItIsServed() throws Exception {
        Counter counter = Counter.builder().name("things_total").help("Things").build();
        counter.inc(3);
        MeshNode.Serving serving = node.serve("things", counting(counter));
        assertThat(read("")).contains("things_total 3.0", "jvm_memory_used_bytes{", "jvm_threads_current ");

        serving.close();
        assertThat(read("")).doesNotContain("things_total");
    }

    @Test
    void answersInTheFormatThatIsAskedFor() throws Exception {
        assertThat(get("").headers().firstValue("content-type")).hasValue("text/plain; version=0.0.4; charset=utf-8");
        HttpResponse<String> open = get("application/openmetrics-text; version=1.0.0,text/plain;q=0.5");
        assertThat(open.headers().firstValue("content-type"))
                .hasValue("application/openmetrics-text; version=1.0.0; charset=utf-8");
        assertThat(open.body()).endsWith("# EOF\n");
        HttpRequest post =
                HttpRequest.newBuilder(uri()).POST(BodyPublishers.noBody()).build();
        assertThat(http.send(post, HttpResponse.BodyHandlers.ofString()).statusCode())
                .isEqualTo(405);
    }

    private static Empty call(io.grpc.Channel channel) {
        return TestServiceGrpc.newBlockingStub(channel).emptyCall(Empty.getDefaultInstance());
    }

    private String read(String accept) throws Exception {
        HttpResponse<String> answer = get(accept);
        assertThat(answer.statusCode()).isEqualTo(200);
        return answer.body();
    }

    private HttpResponse<String> get(String accept) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(uri());
        if (!accept.isEmpty()) {
            request.header("Accept", accept);
        }
        return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    private URI uri() {
        return URI.create("http://127.0.0.1:" + node.healthPort().orElseThrow() + "/metrics");
    }

    private static MeshService counting(Collector counter) {
        return new MeshService() {
            @Override
            public List<BindableService> busServices() {
                return List.of(new Answering());
            }

            @Override
            public List<BindableService> edgeServices() {
                return List.of();
            }

            @Override
            public List<Collector> metrics() {
                return List.of(counter);
            }

            @Override
            public void close() {}
        };
    }

    private static final class Answering extends TestServiceGrpc.TestServiceImplBase {
        @Override
        public void emptyCall(Empty request, StreamObserver<Empty> observer) {
            observer.onNext(Empty.getDefaultInstance());
            observer.onCompleted();
        }
    }

    private static final class Waiting extends TestServiceGrpc.TestServiceImplBase {
        private final CountDownLatch called = new CountDownLatch(1);
        private final CountDownLatch cancelled = new CountDownLatch(1);

        @Override
        public void emptyCall(Empty request, StreamObserver<Empty> observer) {
            Context.current().addListener(context -> cancelled.countDown(), Runnable::run);
            called.countDown();
        }
    }
}
