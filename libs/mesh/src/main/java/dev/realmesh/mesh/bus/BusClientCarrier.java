// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.mesh.bus;

import dev.realmesh.mesh.frame.Frame;
import dev.realmesh.mesh.frame.FrameException;
import dev.realmesh.mesh.frame.Packet;
import dev.realmesh.mesh.transport.Carrier;
import dev.realmesh.mesh.transport.SessionLoop;
import io.grpc.Status;
import io.vertx.core.AsyncResult;
import io.vertx.core.Future;
import io.vertx.core.eventbus.Message;
import io.vertx.core.eventbus.ReplyException;
import io.vertx.core.eventbus.ReplyFailure;
import org.jspecify.annotations.Nullable;

/// The client's end of a session on the bus.
final class BusClientCarrier implements Carrier.OfClient {
    /// A killed node stays registered for a moment; a request to it is lost, the next may reach another.
    private static final int ATTEMPTS = 2;

    private static final int CONNECT_TIMEOUT_MILLIS = 1000;

    private final Bus bus;
    private final BusLoop loop;
    private final String address;
    private @Nullable BusEndpoint endpoint;

    BusClientCarrier(Bus bus, String address) {
        this.bus = bus;
        this.loop = bus.newLoop();
        this.address = address;
    }

    @Override
    public void connect(Frame.Connect offer, Handshake handshake) {
        BusEndpoint mine = new BusEndpoint(bus, loop);
        endpoint = mine;
        Packet opening = Packet.of(0, offer.from(bus.node(), mine.address()));
        mine.registered()
                .compose(registered -> request(opening, ATTEMPTS))
                .onComplete(answer -> loop.runNow(() -> answered(answer, mine, handshake)));
    }

    @Override
    public SessionLoop loop() {
        return loop;
    }

    @Override
    public void send(Packet packet) {
        if (endpoint != null) {
            endpoint.send(packet);
        }
    }

    @Override
    public void close() {
        if (endpoint != null) {
            endpoint.close();
        }
    }

    @Override
    public String peer() {
        return address;
    }

    @Override
    public String local() {
        return endpoint == null ? "" : endpoint.address();
    }

    private Future<Message<Packet>> request(Packet opening, int attempts) {
        return bus.eventBus()
                .<Packet>request(address, opening, Bus.options().setSendTimeout(CONNECT_TIMEOUT_MILLIS))
                .recover(cause ->
                        attempts > 1 && isTimeout(cause) ? request(opening, attempts - 1) : Future.failedFuture(cause));
    }

    private void answered(AsyncResult<Message<Packet>> answer, BusEndpoint mine, Handshake handshake) {
        if (answer.failed()) {
            handshake.lost(status(answer.cause()));
            return;
        }
        try {
            Frame.Accept accept = Bus.only(answer.result().body(), Frame.Accept.class);
            mine.open(accept.replyTo(), accept.node(), handshake);
            handshake.accepted(accept);
        } catch (FrameException e) {
            handshake.lost(Status.INTERNAL.withDescription("protocol: " + e.getMessage()));
        }
    }

    private static boolean isTimeout(Throwable cause) {
        return cause instanceof ReplyException reply && reply.failureType() == ReplyFailure.TIMEOUT;
    }

    /// Never DEADLINE_EXCEEDED: a call's deadline is its own.
    private Status status(Throwable cause) {
        if (!(cause instanceof ReplyException reply)) {
            return Status.UNAVAILABLE
                    .withDescription("no session with " + address)
                    .withCause(cause);
        }
        return switch (reply.failureType()) {
            case NO_HANDLERS -> Status.UNAVAILABLE.withDescription("no server at " + address);
            case TIMEOUT -> Status.UNAVAILABLE.withDescription("no answer from " + address);
            case ERROR -> Status.UNAVAILABLE.withDescription("no session with " + address + ": " + reply.getMessage());
            case RECIPIENT_FAILURE ->
                (reply.failureCode() == Status.Code.PERMISSION_DENIED.value()
                                ? Status.PERMISSION_DENIED
                                : Status.UNAVAILABLE)
                        .withDescription("refused by " + address + ": " + reply.getMessage());
        };
    }
}
