// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.mesh.transport;

import dev.realmesh.mesh.frame.Frame;
import io.grpc.InternalChannelz.SocketStats;
import io.grpc.InternalInstrumented;
import io.grpc.ServerStreamTracer;
import io.grpc.Status;
import io.grpc.internal.InternalServer;
import io.grpc.internal.ServerListener;
import java.net.SocketAddress;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Takes sessions for a server of grpc-core.
final class SessionServer implements InternalServer {
    private final Carrier.Listener carriers;
    private final SessionConfig config;
    private final List<? extends ServerStreamTracer.Factory> tracers;
    private final Object taking = new Object();
    private volatile @Nullable ServerListener listener;
    private boolean shutDown;

    SessionServer(Carrier.Listener carriers, SessionConfig config, List<? extends ServerStreamTracer.Factory> tracers) {
        this.carriers = carriers;
        this.config = config;
        this.tracers = tracers;
    }

    @Override
    public void start(ServerListener serverListener) {
        listener = serverListener;
        carriers.start(this::accept);
    }

    @Override
    public void shutdown() {
        carriers.stop();
        // A session that is taken after grpc-core has drained the others would not be drained.
        synchronized (taking) {
            shutDown = true;
        }
        ServerListener server = listener;
        if (server != null) {
            server.serverShutdown();
        }
    }

    @Override
    public SocketAddress getListenSocketAddress() {
        return new MeshAddress(carriers.address());
    }

    @Override
    public List<? extends SocketAddress> getListenSocketAddresses() {
        return List.of(getListenSocketAddress());
    }

    @Override
    public @Nullable InternalInstrumented<SocketStats> getListenSocketStats() {
        return null;
    }

    @Override
    public @Nullable List<InternalInstrumented<SocketStats>> getListenSocketStatsList() {
        return null;
    }

    private Carrier.Accepted accept(Carrier carrier, Frame.Connect offer) {
        ServerListener server = listener;
        if (server == null) {
            throw Status.UNAVAILABLE.withDescription("server is not started").asRuntimeException();
        }
        if (offer.minVersion() > Frame.VERSION || offer.maxVersion() < Frame.VERSION) {
            throw Status.FAILED_PRECONDITION
                    .withDescription("version: " + offer.minVersion() + "-" + offer.maxVersion() + " (expected: "
                            + Frame.VERSION + ")")
                    .asRuntimeException();
        }
        SessionServerTransport transport = new SessionServerTransport(carrier, config, offer.settings(), tracers);
        synchronized (taking) {
            if (shutDown) {
                throw Status.UNAVAILABLE.withDescription("server shuts down").asRuntimeException();
            }
            transport.start(server.transportCreated(transport));
        }
        return new Carrier.Accepted(new Frame.Accept(Frame.VERSION, config.settings(), "", ""), transport.session());
    }
}
