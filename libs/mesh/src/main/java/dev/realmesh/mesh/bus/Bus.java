// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.mesh.bus;

import dev.realmesh.mesh.frame.FrameException;
import dev.realmesh.mesh.frame.Packet;
import dev.realmesh.mesh.transport.Carrier;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.eventbus.EventBus;
import io.vertx.core.internal.VertxInternal;
import io.vertx.core.tracing.TracingPolicy;
import java.util.List;
import java.util.concurrent.ScheduledExecutorService;

/// The event bus as a carrier of sessions. A server listens on the address of its name, and on that of its name
/// and node; each session then has an address of its own at either end, so that addresses are made per session
/// and never per call.
public final class Bus {
    private static final String ANNOUNCEMENTS = "rm.announce";
    private static final int SETTLED_MILLIS = 500;

    private final VertxInternal vertx;
    private final String node;
    private final NodeWatch nodes;

    /// The bus of `vertx`; once for each Vert.x.
    ///
    /// @param node this node, as the cluster knows it; empty outside a cluster
    public Bus(Vertx vertx, String node, NodeWatch nodes) {
        this.vertx = (VertxInternal) vertx;
        this.node = node;
        this.nodes = nodes;
        // Nothing that the bus could deserialize as Java objects is ever sent here, so nothing is taken.
        vertx.eventBus()
                .registerCodec(new PacketCodec())
                .serializableChecker(name -> false)
                .clusterSerializableChecker(name -> false);
    }

    /// The bus address of a service.
    public static String address(String busName) {
        return "grpc." + busName;
    }

    /// Carriers to servers, by bus address.
    public Carrier.Connector connector() {
        return address -> new BusClientCarrier(this, address);
    }

    /// Listens on all `addresses`.
    public Carrier.Listener listener(List<String> addresses) {
        return new BusListener(this, addresses);
    }

    /// Tells all nodes that `busName` is served here from now on: they need not wait for their backoff to pass.
    public void announce(String busName) {
        vertx.eventBus().publish(ANNOUNCEMENTS, busName);
    }

    /// Runs `task` when a node announces a name: at once, and again when the other's address is known here for
    /// sure.
    public void onAnnounced(Runnable task) {
        vertx.eventBus().<String>consumer(ANNOUNCEMENTS, message -> {
            task.run();
            vertx.setTimer(SETTLED_MILLIS, fired -> task.run());
        });
    }

    /// Timers for channels.
    public ScheduledExecutorService timers() {
        return vertx.nettyEventLoopGroup();
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
}
