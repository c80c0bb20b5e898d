// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.mesh.bus;

import dev.realmesh.mesh.frame.Frame;
import dev.realmesh.mesh.frame.FrameException;
import dev.realmesh.mesh.frame.Packet;
import dev.realmesh.mesh.transport.Carrier;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.vertx.core.Future;
import io.vertx.core.eventbus.Message;
import io.vertx.core.eventbus.MessageConsumer;
import io.vertx.core.eventbus.MessageConsumerOptions;
import java.util.ArrayList;
import java.util.List;

/// Takes the sessions that clients ask for at a service's addresses. [#start] and [#stop] block until the other
/// nodes know; they are not for event loops.
final class BusListener implements Carrier.Listener {
    private final Bus bus;
    private final List<String> addresses;
    private final List<MessageConsumer<Packet>> consumers = new ArrayList<>();

    BusListener(Bus bus, List<String> addresses) {
        this.bus = bus;
        this.addresses = List.copyOf(addresses);
    }

    @Override
    public void start(Carrier.Acceptor acceptor) {
        for (String address : addresses) {
            consumers.add(bus.eventBus()
                    .consumer(
                            new MessageConsumerOptions()
                                    .setAddress(address)
                                    .setLocalOnly(bus.node().isEmpty()),
                            message -> asked(message, acceptor)));
        }
        Future.all(consumers.stream().map(MessageConsumer::completion).toList()).await();
    }

    @Override
    public void stop() {
        Future.join(consumers.stream().map(MessageConsumer::unregister).toList())
                .await();
    }

    @Override
    public String address() {
        return addresses.getFirst();
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
