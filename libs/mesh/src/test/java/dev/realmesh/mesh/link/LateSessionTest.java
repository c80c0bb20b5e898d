// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.mesh.link;

import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.realmesh.mesh.transport.SessionTransport;
import io.grpc.ManagedChannel;
import io.grpc.Server;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.testing.integration.Messages.SimpleRequest;
import io.grpc.testing.integration.TestServiceGrpc;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// A session that a client asks for when its server has begun to shut down: taken, it would not be drained, and its
/// calls would be cut off at the end.
@Timeout(30)
class LateSessionTest {
    private static final LinkLimits LIMITS = LinkLimits.standard();

    @TempDir
    Path directory;

    private final LinkLoop hostLoop = new LinkLoop("host");
    private final LinkLoop guestLoop = new LinkLoop("guest");

    @Test
    void isRefused() throws Exception {
        Link host = new Link("guest", hostLoop, LIMITS, LinkWire.HOST_CALLS);
        Link guest = new Link("host", guestLoop, LIMITS, LinkWire.GUEST_CALLS);
        Path path = directory.resolve("link.sock");
        try (ServerSocketChannel listening = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            listening.bind(UnixDomainSocketAddress.of(path));
            guest.attach(SocketChannel.open(UnixDomainSocketAddress.of(path)));
            host.attach(listening.accept());
        }
        Server server = SessionTransport.server(host.listener(), LIMITS.session())
                .addService(new Echo())
                .build()
                .start();
        server.shutdown();
        ManagedChannel channel = LinkChannel.over(guest, LIMITS);

        TestServiceGrpc.TestServiceBlockingStub stub =
                TestServiceGrpc.newBlockingStub(channel).withDeadlineAfter(10, TimeUnit.SECONDS);
        assertThatExceptionOfType(StatusRuntimeException.class)
                .isThrownBy(() -> stub.unaryCall(SimpleRequest.getDefaultInstance()))
                .withMessageStartingWith("UNAVAILABLE");

        channel.shutdownNow();
        guest.end(Status.UNAVAILABLE);
        host.end(Status.UNAVAILABLE);
        guestLoop.stop();
        hostLoop.stop();
    }
}
