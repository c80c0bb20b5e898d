// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.mesh.bus;

import dev.realmesh.mesh.frame.FrameException;
import dev.realmesh.mesh.frame.Packet;
import dev.realmesh.mesh.transport.Carrier;
import dev.realmesh.mesh.transport.SessionConfig;
import dev.realmesh.mesh.transport.SessionTransport;
import io.grpc.ManagedChannelBuilder;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.eventbus.EventBus;
import io.vertx.core.internal.VertxInternal;
import io.vertx.core.tracing.TracingPolicy;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;

/// The event bus as a carrier of sessions. Each instance of a service listens on an address of its own, which the
/// directory tells the others; each session then has an address of its own at either end. So addresses are made per
/// instance and session, and never per call.
public final class Bus {
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9._-]{1,255}(@[A-Za-z0-9._-]{1,255})?");

    private final VertxInternal vertx;
    private final String node;
    private final NodeWatch nodes;
    private final Directory directory;
    private final DirectoryExchange exchange;
    private final AtomicInteger instances = new AtomicInteger();

    private Bus(Cluster cluster) {
        this.vertx = (VertxInternal) cluster.vertx();
        this.node = cluster.node();
        this.nodes = cluster.nodes();
        this.directory = new Directory(node);
        this.exchange = new DirectoryExchange(vertx, node, nodes, directory);
        // Nothing that the bus could deserialize as Java objects is ever sent here, so nothing is taken.
        vertx.eventBus()
                .registerCodec(new PacketCodec())
                .serializableChecker(name -> false)
                .clusterSerializableChecker(name -> false);
    }

    /// The bus of a member, once for each; blocks until the member knows who serves what.
    public static Bus join(Cluster cluster) {
        Bus bus = new Bus(cluster);
        bus.exchange.join().await();
        return bus;
    }

    /// A channel to the instances of a service, such as `key-broker`, which take turns call by call; or to one
    /// instance, such as `realm-agent@<realm id>`.
    public ManagedChannelBuilder<?> channel(String name, SessionConfig config) {
        return SessionTransport.channel(BusNames.target(checked(name)), new BusNames(directory), connector(), config);
    }

    /// A new instance of a service; if `name` has an `@`, that instance.
    public BusListener listener(String name) {
        String instance = checked(name);
        if (!name.contains("@")) {
            int number = instances.incrementAndGet();
            instance += "@" + (node.isEmpty() ? number : node + "-" + number);
        }
        return new BusListener(this, instance);
    }

    /// The bus address of an instance.
    static String address(String instance) {
        return "grpc." + instance;
    }

    Directory directory() {
        return directory;
    }

    DirectoryExchange exchange() {
        return exchange;
    }

    EventBus eventBus() {
        return vertx.eventBus();
    }

    BusLoop newLoop() {
        return new BusLoop(vertx.createEventLoopContext());
    }

    String node() {
        return node;
    }

    NodeWatch nodes() {
        return nodes;
    }

    static DeliveryOptions options() {
        return new DeliveryOptions().setCodecName(PacketCodec.NAME).setTracingPolicy(TracingPolicy.IGNORE);
    }

    static <T> T only(Packet packet, Class<T> type) {
        if (packet.frames().size() != 1 || !type.isInstance(packet.frames().getFirst())) {
            throw new FrameException(
                    "packet: " + packet.frames().size() + " frames (expected: one " + type.getSimpleName() + ")");
        }
        return type.cast(packet.frames().getFirst());
    }

    private Carrier.Connector connector() {
        return new Carrier.Connector() {
            @Override
            public Carrier.OfClient open(String address) {
                return new BusClientCarrier(Bus.this, address);
            }

            @Override
            public ScheduledExecutorService timers() {
                return vertx.nettyEventLoopGroup();
            }
        };
    }

    private static String checked(String name) {
        if (!NAME.matcher(name).matches()) {
            throw new IllegalArgumentException("bus name: " + name + " (expected: letters, digits, . _ - and one @)");
        }
        return name;
    }
}
