// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.mesh.link;

import dev.realmesh.mesh.transport.SessionTransport;
import io.grpc.BindableService;
import io.grpc.Channel;
import io.grpc.ManagedChannel;
import io.grpc.Server;
import io.grpc.ServerBuilder;
import io.grpc.Status;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/// The guest's end of its guarded link. Needs neither Vert.x nor Hazelcast on the class path.
public final class GuestLink implements AutoCloseable {
    private static final Duration LEAVE_TIME = Duration.ofSeconds(2);

    private final LinkLoop loop;
    private final Link link;
    private final LinkLimits limits;
    private final ManagedChannel channel;
    private final List<Server> servers = new CopyOnWriteArrayList<>();

    private GuestLink(LinkLimits limits) {
        this.limits = limits;
        this.loop = new LinkLoop("link");
        this.link = new Link("host", loop, limits, LinkWire.GUEST_CALLS);
        this.channel = LinkChannel.over(link, limits);
    }

    /// Connects to the host's end.
    ///
    /// @throws UncheckedIOException if nobody listens there
    public static GuestLink connect(Path socket) {
        return connect(socket, LinkLimits.standard());
    }

    /// Connects to the host's end with limits of its own.
    public static GuestLink connect(Path socket, LinkLimits limits) {
        SocketChannel connected = open(socket);
        GuestLink guest = new GuestLink(limits);
        guest.link.attach(connected);
        return guest;
    }

    /// Calls to the services that the host's allow-list admits.
    public Channel channel() {
        return channel;
    }

    /// Starts to serve the guest's own services to the host, each call on a virtual thread; once in a link's life.
    public void serve(BindableService... services) {
        ServerBuilder<?> builder = SessionTransport.server(link.listener(), limits.session())
                .executor(Executors.newVirtualThreadPerTaskExecutor());
        List.of(services).forEach(builder::addService);
        Server server = builder.build();
        servers.add(server);
        try {
            server.start();
        } catch (IOException e) {
            throw new UncheckedIOException("link: not serving", e);
        }
    }

    /// Ends the link when the calls that the guest serves have ended, or after 2 s; it serves no others meanwhile.
    /// Blocks.
    public void leave() {
        Instant end = Instant.now().plus(LEAVE_TIME);
        List<Server> serving = List.copyOf(servers);
        serving.forEach(Server::shutdown);
        try {
            for (Server server : serving) {
                server.awaitTermination(Duration.between(Instant.now(), end).toMillis(), TimeUnit.MILLISECONDS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        close();
    }

    /// Ends the link.
    @Override
    public void close() {
        channel.shutdownNow();
        new ArrayList<>(servers).forEach(Server::shutdownNow);
        link.end(Status.UNAVAILABLE.withDescription("guest closed the link"));
        loop.stop();
    }

    private static SocketChannel open(Path path) {
        try {
            SocketChannel socket = SocketChannel.open(StandardProtocolFamily.UNIX);
            try {
                socket.connect(UnixDomainSocketAddress.of(path));
                return socket;
            } catch (IOException e) {
                socket.close();
                throw e;
            }
        } catch (IOException e) {
            throw new UncheckedIOException("link: " + path + " (expected: the host's socket)", e);
        }
    }
}
