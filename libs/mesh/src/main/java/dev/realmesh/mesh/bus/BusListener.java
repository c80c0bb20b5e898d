// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.mesh.bus;

import dev.realmesh.mesh.frame.Frame;
import dev.realmesh.mesh.frame.FrameException;
import dev.realmesh.mesh.frame.Packet;
import dev.realmesh.mesh.transport.Carrier;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.vertx.core.eventbus.Message;
import io.vertx.core.eventbus.MessageConsumer;
import io.vertx.core.eventbus.MessageConsumerOptions;
import org.jspecify.annotations.Nullable;

/// An instance of a service on the bus: it takes the sessions that clients ask for at its address. [#start],
/// [#announce] and [#stop] block until the other nodes know; they are not for event loops.
public final class BusListener implements Carrier.Listener {
    private final Bus bus;
    private final String instance;
    private @Nullable MessageConsumer<Packet> consumer;

    BusListener(Bus bus, String instance) {
        this.bus = bus;
        this.instance = instance;
    }

    /// Its name, such as `key-broker@<instance>`.
    public String instance() {
        return instance;
    }

    /// From now on it gets its share of the service's calls.
    public void announce() {
        bus.directory().add(instance);
        bus.exchange().tellAll().await();
    }

    @Override
    public void start(Carrier.Acceptor acceptor) {
        MessageConsumer<Packet> taking = bus.eventBus()
                .consumer(
                        new MessageConsumerOptions()
                                .setAddress(address())
                                .setLocalOnly(bus.node().isEmpty()),
                        message -> asked(message, acceptor));
        consumer = taking;
        taking.completion().await();
    }

    /// The other nodes are told first, but not waited for: a call that comes meanwhile is sent to another instance by
    /// its client.
    @Override
    public void stop() {
        bus.directory().remove(instance);
        bus.exchange().tellAll();
        if (consumer != null) {
            consumer.unregister().await();
        }
    }

    @Override
    public String address() {
        return Bus.address(instance);
    }

    private void asked(Message<Packet> message, Carrier.Acceptor acceptor) {
        Frame.Connect offer;
        try {
            offer = Bus.only(message.body(), Frame.Connect.class);
        } catch (FrameException e) {
            message.fail(Status.Code.INTERNAL.value(), e.getMessage());
            return;
        }
        BusLoop loop = bus.newLoop();
        loop.execute(() -> {
            BusEndpoint endpoint = new BusEndpoint(bus, loop);
            endpoint.registered()
                    .onComplete(
                            done -> loop.execute(
                                    () -> open(message, offer, new Session(loop, endpoint, offer), acceptor)),
                            cause -> message.fail(Status.Code.UNAVAILABLE.value(), "address not registered"));
        });
    }

    private void open(Message<Packet> message, Frame.Connect offer, Session session, Carrier.Acceptor acceptor) {
        Carrier.Accepted accepted;
        try {
            accepted = acceptor.accept(session, offer);
        } catch (StatusRuntimeException e) {
            session.close();
            String why = e.getStatus().getDescription();
            message.fail(e.getStatus().getCode().value(), why == null ? "" : why);
            return;
        }
        session.endpoint.open(offer.replyTo(), offer.node(), accepted.receiver());
        Frame.Accept answer = accepted.answer().from(bus.node(), session.endpoint.address());
        message.reply(Packet.of(0, answer), Bus.options());
    }

    /// The server's end of a session on the bus.
    private record Session(BusLoop loop, BusEndpoint endpoint, Frame.Connect offer) implements Carrier {
        @Override
        public void send(Packet packet) {
            endpoint.send(packet);
        }

        @Override
        public void close() {
            endpoint.close();
        }

        @Override
        public String peer() {
            return offer.replyTo();
        }

        @Override
        public String local() {
            return endpoint.address();
        }
    }
}
