// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.mesh;

import static org.assertj.core.api.Assertions.assertThat;

import dev.realmesh.mesh.edge.Edge;
import dev.realmesh.mesh.edge.EdgeConfig;
import dev.realmesh.mesh.health.HealthCheck;
import dev.realmesh.mesh.health.HealthCheck.Probe;
import io.grpc.BindableService;
import io.grpc.Channel;
import io.grpc.ManagedChannel;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.health.v1.HealthGrpc;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.testing.integration.UnimplementedServiceGrpc;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tools.jackson.databind.json.JsonMapper;

/// `MeshService.healthChecks`: gRPC health and `/health/ready` name what is away, and come back by themselves.
@Timeout(60)
class ServiceHealthTest {
    private static final String SERVICE = "grpc.testing.TestService";
    private static final BindableService HEALTHY = new UnimplementedServiceGrpc.UnimplementedServiceImplBase() {};
    private static final Duration OFTEN = Duration.ofMillis(10);

    private final HttpClient http = HttpClient.newHttpClient();
    private volatile Optional<String> problem = Optional.empty();
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
    void namesWhatIsAwayUntilItIsBack() throws Exception {
        problem = Optional.of("cannot be read");
        node.serve("store", needing(new HealthCheck("database", OFTEN, () -> problem)));

        Edge edge = node.openEdge(EdgeConfig.loopback(0), List.of(new Named("store")));
        ManagedChannel outside = outside(edge);
        assertThat(ready())
                .isEqualTo(
                        "503 {'status':'DOWN','checks':[{'id':'store/database','status':'DOWN','detail':'cannot be read'}]}");
        assertThat(node.ready()).isFalse();
        for (Channel channel : List.of(node.channel("store"), outside)) {
            assertThat(health(channel, "")).isEqualTo(ServingStatus.NOT_SERVING);
            assertThat(health(channel, SERVICE)).isEqualTo(ServingStatus.NOT_SERVING);
            assertThat(health(channel, "store/database")).isEqualTo(ServingStatus.NOT_SERVING);
        }

        problem = Optional.empty();
        for (Channel channel : List.of(node.channel("store"), outside)) {
            await(() -> health(channel, "") == ServingStatus.SERVING);
            assertThat(health(channel, SERVICE)).isEqualTo(ServingStatus.SERVING);
            assertThat(health(channel, "store/database")).isEqualTo(ServingStatus.SERVING);
        }
        assertThat(ready()).isEqualTo("200 {'status':'UP','checks':[{'id':'store/database','status':'UP'}]}");
        outside.shutdownNow();
    }

    @Test
    void isReadyAtOnceWithWhatIsThere() throws Exception {
        node.serve("store", needing(HealthCheck.of("database", Optional::empty)));

        assertThat(ready()).startsWith("200 ");
        assertThat(health(node.channel("store"), "")).isEqualTo(ServingStatus.SERVING);
    }

    @Test
    void aServiceThatLacksNothingServesBesideOneThatDoes() {
        node.serve("store", needing(HealthCheck.of("database", () -> Optional.of("away"))));
        node.serve("other", List.of(HEALTHY));

        assertThat(health(node.channel("store"), "")).isEqualTo(ServingStatus.NOT_SERVING);
        assertThat(health(node.channel("other"), "")).isEqualTo(ServingStatus.SERVING);
        Edge edge = node.openEdge(EdgeConfig.loopback(0), List.of(new Named("store"), HEALTHY));
        ManagedChannel outside = outside(edge);
        assertThat(health(outside, SERVICE)).isEqualTo(ServingStatus.NOT_SERVING);
        assertThat(health(outside, "grpc.testing.UnimplementedService")).isEqualTo(ServingStatus.SERVING);
        assertThat(health(outside, "")).isEqualTo(ServingStatus.NOT_SERVING);
        outside.shutdownNow();
    }

    @Test
    void whatAProbeThrowsIsShownToNobody() throws Exception {
        node.serve("store", needing(HealthCheck.of("database", () -> {
            throw new IllegalStateException("password 12345");
        })));

        assertThat(ready()).contains("'detail':'check failed: IllegalStateException'");
    }

    @Test
    void aProbeThatHangsIsAwayAndIsNotAskedTwiceAtOnce() throws Exception {
        AtomicInteger asking = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        CountDownLatch twice = new CountDownLatch(2);
        Probe hangs = () -> {
            most.accumulateAndGet(asking.incrementAndGet(), Math::max);
            twice.countDown();
            try {
                new CountDownLatch(1).await();
            } finally {
                asking.decrementAndGet();
            }
            return Optional.empty();
        };
        node.serve("store", needing(new HealthCheck("database", OFTEN, hangs)));

        assertThat(ready()).contains("'detail':'no answer within 2 s'");
        twice.await();
        assertThat(most).hasValue(1);
    }

    @Test
    void isNotAskedAnyMoreOnceItsServiceIsClosed() throws Exception {
        AtomicInteger questions = new AtomicInteger();
        MeshNode.Serving serving = node.serve("store", needing(new HealthCheck("database", OFTEN, () -> {
            questions.incrementAndGet();
            return Optional.of("away");
        })));
        serving.close();

        assertThat(questions).hasPositiveValue();
        assertThat(ready()).isEqualTo("200 {'status':'UP','checks':[]}");
    }

    private static MeshService needing(HealthCheck check) {
        return new MeshService() {
            @Override
            public List<BindableService> busServices() {
                return List.of(new Named("store"));
            }

            @Override
            public List<BindableService> edgeServices() {
                return busServices();
            }

            @Override
            public List<HealthCheck> healthChecks() {
                return List.of(check);
            }

            @Override
            public void close() {}
        };
    }

    private static ServingStatus health(Channel channel, String name) {
        return HealthGrpc.newBlockingStub(channel)
                .withWaitForReady()
                .check(HealthCheckRequest.newBuilder().setService(name).build())
                .getStatus();
    }

    private static ManagedChannel outside(Edge edge) {
        return NettyChannelBuilder.forAddress("127.0.0.1", edge.port())
                .usePlaintext()
                .build();
    }

    /// Status and body, with single quotes.
    private String ready() throws Exception {
        HttpResponse<String> answer = http.send(
                HttpRequest.newBuilder(URI.create(
                                "http://127.0.0.1:" + node.healthPort().orElseThrow() + "/health/ready"))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
        assertThat(answer.headers().firstValue("content-type")).hasValue("application/json");
        return answer.statusCode() + " "
                + JsonMapper.shared().readTree(answer.body()).toString().replace('"', '\'');
    }

    private interface Condition {
        boolean holds() throws Exception;
    }

    private static void await(Condition condition) throws Exception {
        while (!condition.holds()) {
            Thread.onSpinWait();
        }
    }
}
