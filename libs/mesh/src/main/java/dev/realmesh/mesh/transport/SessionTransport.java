// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.mesh.transport;

import io.grpc.ChannelCredentials;
import io.grpc.ChannelLogger;
import io.grpc.ManagedChannelBuilder;
import io.grpc.NameResolverProvider;
import io.grpc.ServerBuilder;
import io.grpc.internal.ClientTransportFactory;
import io.grpc.internal.ConnectionClientTransport;
import io.grpc.internal.ManagedChannelImplBuilder;
import io.grpc.internal.ServerImplBuilder;
import java.net.SocketAddress;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.ScheduledExecutorService;
import org.jspecify.annotations.Nullable;

/// Makes builders of grpc-java's channels and servers over carriers of packets.
public final class SessionTransport {
    private SessionTransport() {}

    /// A channel to the server at `address`.
    public static ManagedChannelBuilder<?> channel(String address, Carrier.Connector connector, SessionConfig config) {
        return new ManagedChannelImplBuilder(
                new MeshAddress(address), address, () -> new Factory(connector, config), null);
    }

    /// A channel to the servers that `names` gives for `target`, which take turns call by call.
    // The other way to bring in names is a registry of the whole process, where several buses may live.
    @SuppressWarnings("deprecation")
    public static ManagedChannelBuilder<?> channel(
            String target, NameResolverProvider names, Carrier.Connector connector, SessionConfig config) {
        return new ManagedChannelImplBuilder(target, () -> new Factory(connector, config), null)
                .nameResolverFactory(names)
                .defaultLoadBalancingPolicy("round_robin");
    }

    /// A server of the sessions that come to `carriers`.
    public static ServerBuilder<?> server(Carrier.Listener carriers, SessionConfig config) {
        return new ServerImplBuilder(tracers -> new SessionServer(carriers, config, tracers));
    }

    private record Factory(Carrier.Connector connector, SessionConfig config) implements ClientTransportFactory {
        @Override
        public ConnectionClientTransport newClientTransport(
                SocketAddress address, ClientTransportOptions options, ChannelLogger logger) {
            MeshAddress server = (MeshAddress) address;
            return new SessionClientTransport(connector.open(server.name()), config, server, options.getAuthority());
        }

        @Override
        public ScheduledExecutorService getScheduledExecutorService() {
            return connector.timers();
        }

        @Override
        public @Nullable SwapChannelCredentialsResult swapChannelCredentials(ChannelCredentials credentials) {
            return null;
        }

        @Override
        public Collection<Class<? extends SocketAddress>> getSupportedSocketAddressTypes() {
            return List.of(MeshAddress.class);
        }

        @Override
        public void close() {}
    }
}
