// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.mesh.bus;

import dev.realmesh.mesh.transport.SessionConfig;
import dev.realmesh.mesh.transport.SessionTransport;
import io.grpc.ManagedChannelBuilder;
import io.grpc.ServerBuilder;
import io.grpc.internal.ManagedChannelImplBuilder;
import io.grpc.internal.ServerImplBuilder;
import io.grpc.testing.integration.AbstractInteropTest;
import java.util.List;
import org.junit.AfterClass;
import org.junit.BeforeClass;

/// grpc-java's interoperability suite between two members of a cluster, over TCP.
public final class ClusteredBusInteropTest extends AbstractInteropTest {
    private static final SessionConfig CONFIG =
            SessionConfig.ofMesh().withMaxMessageBytes(AbstractInteropTest.MAX_MESSAGE_SIZE);
    private static Cluster client;
    private static Cluster server;
    private static Bus clientBus;
    private static Bus serverBus;

    @BeforeClass
    public static void start() {
        List<String> members = List.of("127.0.0.1:5811", "127.0.0.1:5812");
        server = Cluster.join(ClusterConfig.loopback("interop", 5811, members));
        client = Cluster.join(ClusterConfig.loopback("interop", 5812, members));
        serverBus = Bus.join(server);
        clientBus = Bus.join(client);
    }

    @AfterClass
    public static void stop() {
        client.vertx().close().await();
        server.vertx().close().await();
    }

    @Override
    protected ServerBuilder<?> getServerBuilder() {
        BusListener instance = serverBus.listener("interop");
        instance.announce();
        ServerImplBuilder builder = (ServerImplBuilder) SessionTransport.server(instance, CONFIG);
        builder.setStatsEnabled(false);
        return builder.addStreamTracerFactory(createCustomCensusTracerFactory());
    }

    @Override
    protected ManagedChannelBuilder<?> createChannelBuilder() {
        ManagedChannelImplBuilder builder = (ManagedChannelImplBuilder) clientBus.channel("interop", CONFIG);
        builder.setStatsEnabled(false);
        return builder.intercept(createCensusStatsClientInterceptor());
    }
}
