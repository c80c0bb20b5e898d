// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.mesh.link;

import dev.realmesh.mesh.transport.SessionConfig;
import dev.realmesh.mesh.transport.SessionTransport;
import io.grpc.ManagedChannelBuilder;
import io.grpc.ServerBuilder;
import io.grpc.Status;
import io.grpc.internal.ManagedChannelImplBuilder;
import io.grpc.internal.ServerImplBuilder;
import io.grpc.testing.integration.AbstractInteropTest;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.After;

/// grpc-java's interoperability suite over the guarded link's socket.
public final class LinkInteropTest extends AbstractInteropTest {
    private static final LinkLimits LIMITS = limits();
    private final LinkLoop hostLoop = new LinkLoop("host");
    private final LinkLoop guestLoop = new LinkLoop("guest");
    private final Link host = new Link("guest", hostLoop, LIMITS, LinkWire.HOST_CALLS);
    private final Link guest = new Link("host", guestLoop, LIMITS, LinkWire.GUEST_CALLS);

    private static LinkLimits limits() {
        LinkLimits standard = LinkLimits.standard();
        SessionConfig session = standard.session().withMaxMessageBytes(AbstractInteropTest.MAX_MESSAGE_SIZE);
        return new LinkLimits(session, standard.maxCall(), 1000, 100_000, standard.maxUnsentBytes());
    }

    public LinkInteropTest() throws IOException {
        Path folder = Files.createTempDirectory("link");
        Path path = folder.resolve("link.sock");
        try (ServerSocketChannel listening = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            listening.bind(UnixDomainSocketAddress.of(path));
            guest.attach(SocketChannel.open(UnixDomainSocketAddress.of(path)));
            host.attach(listening.accept());
        }
        Files.delete(path);
        Files.delete(folder);
    }

    @After
    public void end() {
        guest.end(Status.UNAVAILABLE);
        host.end(Status.UNAVAILABLE);
        guestLoop.stop();
        hostLoop.stop();
    }

    @Override
    protected ServerBuilder<?> getServerBuilder() {
        ServerImplBuilder builder = (ServerImplBuilder) SessionTransport.server(host.listener(), LIMITS.session());
        builder.setStatsEnabled(false);
        return builder.addStreamTracerFactory(createCustomCensusTracerFactory());
    }

    @Override
    protected ManagedChannelBuilder<?> createChannelBuilder() {
        ManagedChannelImplBuilder builder =
                (ManagedChannelImplBuilder) SessionTransport.channel("link", guest.connector(), LIMITS.session());
        builder.setStatsEnabled(false);
        return builder.intercept(createCensusStatsClientInterceptor());
    }
}
