// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.mesh.bus;

import dev.realmesh.mesh.transport.SessionConfig;
import dev.realmesh.mesh.transport.SessionTransport;
import io.grpc.ManagedChannelBuilder;
import io.grpc.ServerBuilder;
import io.grpc.internal.ManagedChannelImplBuilder;
import io.grpc.internal.ServerImplBuilder;
import io.grpc.testing.integration.AbstractInteropTest;
import io.vertx.core.Vertx;
import org.junit.AfterClass;
import org.junit.BeforeClass;

/// grpc-java's interoperability suite on one Vert.x.
public final class LocalBusInteropTest extends AbstractInteropTest {
    private static final SessionConfig CONFIG =
            SessionConfig.ofMesh().withMaxMessageBytes(AbstractInteropTest.MAX_MESSAGE_SIZE);
    private static Vertx vertx;
    private static Bus bus;

    @BeforeClass
    public static void start() {
        Cluster cluster = Cluster.ofOneProcess();
        vertx = cluster.vertx();
        bus = Bus.join(cluster);
    }

    @AfterClass
    public static void stop() {
        vertx.close().await();
    }

    @Override
    protected ServerBuilder<?> getServerBuilder() {
        BusListener instance = bus.listener("interop");
        instance.announce();
        ServerImplBuilder builder = (ServerImplBuilder) SessionTransport.server(instance, CONFIG);
        builder.setStatsEnabled(false);
        return builder.addStreamTracerFactory(createCustomCensusTracerFactory());
    }

    @Override
    protected ManagedChannelBuilder<?> createChannelBuilder() {
        ManagedChannelImplBuilder builder = (ManagedChannelImplBuilder) bus.channel("interop", CONFIG);
        builder.setStatsEnabled(false);
        return builder.intercept(createCensusStatsClientInterceptor());
    }
}
