// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.integration.bench;

import dev.realmesh.mesh.MeshConfig;
import dev.realmesh.mesh.MeshNode;
import dev.realmesh.mesh.bus.ClusterConfig;
import io.grpc.Channel;
import io.grpc.ManagedChannel;
import io.grpc.Server;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.testing.integration.TestServiceImpl;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;

/// The interop test service behind one transport, with client and server in this process.
record Transport(Channel channel, AutoCloseable end) implements AutoCloseable {
    static Transport open(String name) throws Exception {
        ScheduledExecutorService timers = Executors.newSingleThreadScheduledExecutor();
        TestServiceImpl service = new TestServiceImpl(timers);
        return switch (name) {
            case "bus" -> {
                MeshNode server = MeshNode.start(member());
                MeshNode client = MeshNode.start(member());
                server.serve("bench", List.of(service));
                yield new Transport(client.channel("bench"), () -> {
                    client.close();
                    server.close();
                    timers.shutdownNow();
                });
            }
            case "netty" -> {
                Server server = NettyServerBuilder.forAddress(
                                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                        .executor(Executors.newVirtualThreadPerTaskExecutor())
                        .addService(service)
                        .build()
                        .start();
                ManagedChannel channel = NettyChannelBuilder.forAddress(
                                server.getListenSockets().getFirst())
                        .usePlaintext()
                        .build();
                yield new Transport(channel, () -> {
                    channel.shutdownNow();
                    server.shutdownNow();
                    timers.shutdownNow();
                });
            }
            default -> throw new IllegalArgumentException("transport: " + name + " (expected: bus or netty)");
        };
    }

    private static MeshConfig member() {
        ClusterConfig cluster = ClusterConfig.loopback("bench", 5831, List.of("127.0.0.1:5831", "127.0.0.1:5832"));
        MeshConfig local = MeshConfig.local();
        return new MeshConfig(Optional.of(cluster), local.health(), local.drain(), local.maxMessageBytes());
    }

    @Override
    public void close() throws Exception {
        end.close();
    }
}
