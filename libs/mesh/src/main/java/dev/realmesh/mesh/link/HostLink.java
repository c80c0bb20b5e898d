// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.mesh.link;

import dev.realmesh.mesh.transport.SessionTransport;
import io.grpc.Channel;
import io.grpc.ManagedChannel;
import io.grpc.Server;
import io.grpc.Status;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The host's end of a Realm's guarded link: one guest, one Unix socket, calls in both directions.
///
/// The guest may be hostile. It reaches nothing but the methods of the allow-list, within the limits; bytes that
/// break the protocol end the link, and the link's end harms nothing else.
public final class HostLink implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(HostLink.class);

    private final Path path;
    private final ServerSocketChannel listening;
    private final LinkLoop loop;
    private final Link link;
    private final ManagedChannel agent;
    private final Server server;
    private final CompletableFuture<Void> connected = new CompletableFuture<>();

    /// The guest that a link is for.
    ///
    /// @param realmId id of its Realm; goes with its calls as [dev.realmesh.mesh.forward.RealmMetadata#REALM_ID]
    /// @param limits what it may do
    public record Guest(String realmId, LinkLimits limits) {}

    private HostLink(Path path, ServerSocketChannel listening, LinkLimits limits, GuestCalls calls) {
        this.path = path;
        this.listening = listening;
        this.loop = new LinkLoop("link-" + path.getFileName());
        this.link = new Link("guest", loop, limits, LinkWire.HOST_CALLS);
        this.agent = LinkChannel.over(link, limits);
        // Forwarding never blocks, so it runs on the link's own thread.
        this.server = SessionTransport.server(link.listener(), limits.session())
                .directExecutor()
                .fallbackHandlerRegistry(calls)
                .build();
    }

    /// Listens on `socket` for the one guest of Realm `realmId`.
    ///
    /// @param out what the guest may call
    /// @param toBus gives the channel for the full name of an allowed service; must not block
    /// @throws UncheckedIOException if the socket cannot be made
    public static HostLink listen(Path socket, AllowList out, Function<String, Channel> toBus, String realmId) {
        return listen(socket, out, toBus, new Guest(realmId, LinkLimits.standard()));
    }

    /// Listens on `socket` for a guest with limits of its own.
    public static HostLink listen(Path socket, AllowList out, Function<String, Channel> toBus, Guest guest) {
        GuestCalls calls = new GuestCalls(out, toBus, guest);
        try {
            Files.deleteIfExists(socket);
            ServerSocketChannel listening = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
            listening.bind(UnixDomainSocketAddress.of(socket), 1);
            HostLink host = new HostLink(socket, listening, guest.limits(), calls);
            host.server.start();
            Thread.ofVirtual().name("link-accept").start(host::accept);
            return host;
        } catch (IOException e) {
            throw new UncheckedIOException("link: " + socket + " not listening", e);
        }
    }

    /// Calls to the services of the guest. Until the guest has connected they wait; once the link has ended
    /// they fail with UNAVAILABLE.
    public Channel agent() {
        return agent;
    }

    /// Done when the guest has connected; fails if the link closes before.
    public CompletableFuture<Void> connected() {
        return connected.copy();
    }

    /// Ends the link: open calls of both directions end with UNAVAILABLE.
    @Override
    public void close() {
        connected.completeExceptionally(new IllegalStateException("link: closed"));
        stopListening();
        server.shutdownNow();
        link.end(Status.UNAVAILABLE.withDescription("host closed the link"));
        agent.shutdownNow();
        loop.stop();
    }

    /// Takes one connection and no other.
    private void accept() {
        try {
            link.attach(listening.accept());
            connected.complete(null);
            stopListening();
        } catch (AsynchronousCloseException e) {
            connected.completeExceptionally(e);
        } catch (IOException e) {
            LOG.warn("link {}: no guest accepted", path, e);
            connected.completeExceptionally(e);
            link.end(Status.UNAVAILABLE.withDescription("no guest connected"));
        }
    }

    private void stopListening() {
        try {
            listening.close();
            Files.deleteIfExists(path);
        } catch (IOException e) {
            LOG.warn("link {}: not closed", path, e);
        }
    }
}
