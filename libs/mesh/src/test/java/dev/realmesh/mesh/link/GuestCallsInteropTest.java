// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.mesh.link;

import dev.realmesh.mesh.transport.SessionConfig;
import dev.realmesh.mesh.transport.SessionTransport;
import io.grpc.ManagedChannel;
import io.grpc.ManagedChannelBuilder;
import io.grpc.Server;
import io.grpc.ServerInterceptors;
import io.grpc.inprocess.InProcessChannelBuilder;
import io.grpc.inprocess.InProcessServerBuilder;
import io.grpc.testing.integration.AbstractInteropTest;
import io.grpc.testing.integration.TestServiceImpl;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import org.junit.AfterClass;
import org.junit.BeforeClass;

/// grpc-java's interoperability suite from a guest, through its host, to a service on the bus: what the host
/// passes on as bytes arrives as if it were not there. The cases that look into the server are skipped.
public final class GuestCallsInteropTest extends AbstractInteropTest {
    private static final ScheduledExecutorService TIMERS = Executors.newScheduledThreadPool(2);
    private static Server server;
    private static ManagedChannel toBus;
    private static LinkLimits limits;
    private HostLink host;
    private LinkLoop loop;

    @BeforeClass
    public static void start() throws IOException {
        server = InProcessServerBuilder.forName("guest-calls")
                .maxInboundMessageSize(AbstractInteropTest.MAX_MESSAGE_SIZE)
                .addService(ServerInterceptors.intercept(new TestServiceImpl(TIMERS), TestServiceImpl.interceptors()))
                .build()
                .start();
        toBus = InProcessChannelBuilder.forName("guest-calls")
                .maxInboundMessageSize(AbstractInteropTest.MAX_MESSAGE_SIZE)
                .build();
        LinkLimits standard = LinkLimits.standard();
        SessionConfig session = standard.session().withMaxMessageBytes(AbstractInteropTest.MAX_MESSAGE_SIZE);
        limits = new LinkLimits(session, standard.maxCall(), 1000, 100_000, standard.maxUnsentBytes());
    }

    @AfterClass
    public static void stop() {
        toBus.shutdownNow();
        server.shutdownNow();
        TIMERS.shutdownNow();
    }

    /// A link of its own for each channel: a link lives as long as its session.
    @Override
    protected ManagedChannelBuilder<?> createChannelBuilder() {
        try {
            end();
            Path folder = Files.createTempDirectory("link");
            Path socket = folder.resolve("link.sock");
            AllowList allowed = AllowList.of("grpc.testing.TestService", "grpc.testing.UnimplementedService");
            host = HostLink.listen(socket, allowed, service -> toBus, new HostLink.Guest("realm", limits));
            loop = new LinkLoop("guest");
            Link guest = new Link("host", loop, limits, LinkWire.GUEST_CALLS);
            guest.attach(SocketChannel.open(UnixDomainSocketAddress.of(socket)));
            Files.deleteIfExists(socket);
            Files.delete(folder);
            return SessionTransport.channel("link", guest.connector(), limits.session());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void tearDown() {
        super.tearDown();
        end();
    }

    private void end() {
        if (host != null) {
            host.close();
            loop.stop();
        }
    }

    @Override
    protected boolean metricsExpected() {
        return false;
    }
}
