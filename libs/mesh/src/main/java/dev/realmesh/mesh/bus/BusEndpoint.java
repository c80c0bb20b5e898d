// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.mesh.bus;

import dev.realmesh.mesh.frame.FrameException;
import dev.realmesh.mesh.frame.Packet;
import dev.realmesh.mesh.transport.Carrier.Receiver;
import io.grpc.Status;
import io.vertx.core.Future;
import io.vertx.core.eventbus.Message;
import io.vertx.core.eventbus.MessageConsumer;
import io.vertx.core.eventbus.MessageConsumerOptions;
import io.vertx.core.eventbus.MessageProducer;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// One end of a session on the bus: an address of its own to receive on, and the peer's to send to. On its loop
/// only.
final class BusEndpoint {
    private static final int LINGER_MILLIS = 500;

    private final Bus bus;
    private final BusLoop loop;
    private final String address = "rm." + UUID.randomUUID();
    private final MessageConsumer<Packet> consumer;
    private @Nullable MessageProducer<Packet> producer;
    private @Nullable Receiver receiver;
    private Runnable unwatch = () -> {};
    private boolean closed;

    /// Begins to register its address; called on `loop`.
    BusEndpoint(Bus bus, BusLoop loop) {
        this.bus = bus;
        this.loop = loop;
        // Single-node buses have nobody to tell.
        this.consumer = bus.eventBus()
                .consumer(
                        new MessageConsumerOptions()
                                .setAddress(address)
                                .setLocalOnly(bus.node().isEmpty()),
                        this::received);
    }

    /// Done when every node can send to [#address].
    Future<Void> registered() {
        return consumer.completion();
    }

    String address() {
        return address;
    }

    /// The session is open: packets go to `peerAddress` and come to `to`.
    void open(String peerAddress, String peerNode, Receiver to) {
        producer = bus.eventBus().sender(peerAddress, Bus.options());
        receiver = to;
        unwatch = bus.nodes()
                .watch(
                        peerNode,
                        () -> loop.execute(
                                () -> lost(Status.UNAVAILABLE.withDescription("node " + peerNode + " left"))));
    }

    void send(Packet packet) {
        if (producer != null) {
            producer.write(packet)
                    .onFailure(cause -> loop.execute(() -> lost(Status.UNAVAILABLE
                            .withDescription("packet not delivered")
                            .withCause(cause))));
        }
    }

    void close() {
        closed = true;
        unwatch.run();
        if (producer != null) {
            producer.close();
        }
        // What the peer sent before it knew should find someone to throw it away.
        loop.context().owner().setTimer(LINGER_MILLIS, fired -> consumer.unregister());
    }

    private void received(Message<Packet> message) {
        Receiver to = receiver;
        if (to == null || closed) {
            return;
        }
        Packet packet;
        try {
            packet = message.body();
        } catch (FrameException e) {
            lost(Status.INTERNAL.withDescription("protocol: " + e.getMessage()));
            return;
        }
        to.received(packet);
    }

    private void lost(Status why) {
        if (receiver != null && !closed) {
            receiver.lost(why);
        }
    }
}
