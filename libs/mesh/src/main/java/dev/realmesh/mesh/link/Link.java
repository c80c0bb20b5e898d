// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.mesh.link;

import dev.realmesh.mesh.frame.Frame;
import dev.realmesh.mesh.frame.FrameException;
import dev.realmesh.mesh.frame.Packet;
import dev.realmesh.mesh.transport.Carrier;
import dev.realmesh.mesh.transport.SessionLoop;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.nio.channels.SocketChannel;
import java.util.concurrent.ScheduledExecutorService;
import org.jspecify.annotations.Nullable;

/// Both sessions of a guarded link over its one socket: this end is the client of one lane and the server of the
/// other. The link lives as long as both sessions do; nothing is set up again. On the loop, but for [#attach] and
/// [#end].
final class Link implements LinkWire.Events {
    private final String name;
    private final LinkLoop loop;
    private final LinkLimits limits;
    private final Lane calls;
    private final Lane serves;
    private @Nullable LinkWire wire;
    private @Nullable Status ended;

    /// @param clientLane the lane in which this end calls
    Link(String name, LinkLoop loop, LinkLimits limits, int clientLane) {
        this.name = name;
        this.loop = loop;
        this.limits = limits;
        this.calls = new Lane(clientLane);
        this.serves = new Lane(1 - clientLane);
    }

    /// The socket is connected.
    void attach(SocketChannel socket) {
        LinkWire attached = new LinkWire(socket, loop, limits, this);
        loop.execute(() -> {
            if (ended != null) {
                attached.close();
                return;
            }
            wire = attached;
            calls.offer();
        });
        attached.start(name);
    }

    /// Makes the carrier of the session in which this end calls.
    Carrier.Connector connector() {
        return new Carrier.Connector() {
            @Override
            public Carrier.OfClient open(String address) {
                return new Calling();
            }

            @Override
            public ScheduledExecutorService timers() {
                return loop.scheduler();
            }
        };
    }

    /// Gives the session in which the peer calls.
    Carrier.Listener listener() {
        return new Serving();
    }

    /// Ends the link and what is open on it.
    void end(Status why) {
        loop.execute(() -> lost(why));
    }

    @Override
    public void received(int lane, Packet packet) {
        if (ended != null) {
            return;
        }
        try {
            (lane == calls.number ? calls : serves).received(packet);
        } catch (FrameException e) {
            lost(Status.INTERNAL.withDescription("link: " + e.getMessage()));
        }
    }

    @Override
    public void lost(Status why) {
        if (ended != null) {
            return;
        }
        ended = why;
        calls.lost(why);
        serves.lost(why);
        if (wire != null) {
            wire.close();
        }
    }

    /// One of the link's two sessions.
    private final class Lane {
        private final int number;
        private Carrier.@Nullable Receiver receiver;
        private Carrier.@Nullable Handshake handshake;
        private Carrier.@Nullable Acceptor acceptor;
        private Frame.@Nullable Connect offered;

        Lane(int number) {
            this.number = number;
        }

        void send(Packet packet) {
            if (wire != null && ended == null) {
                wire.send(number, packet);
            }
        }

        void lost(Status why) {
            Carrier.Receiver to = receiver == null ? handshake : receiver;
            if (to != null) {
                to.lost(why);
            }
        }

        /// This end asks for the session, once there is both a socket and someone who wants it.
        void offer() {
            if (wire != null && offered != null && handshake != null) {
                send(Packet.of(0, offered));
            }
        }

        /// This end opens the session, once it was asked for and serves.
        void accept() {
            Carrier.Acceptor taking = acceptor;
            if (offered == null || taking == null) {
                return;
            }
            try {
                Carrier.Accepted accepted = taking.accept(new End(this), offered);
                receiver = accepted.receiver();
                send(Packet.of(0, accepted.answer()));
            } catch (StatusRuntimeException e) {
                Link.this.lost(e.getStatus());
            }
        }

        void received(Packet packet) {
            if (receiver != null) {
                receiver.received(packet);
                return;
            }
            Frame frame = packet.frames().getFirst();
            if (packet.sequence() != 0 || packet.frames().size() != 1) {
                throw new FrameException("packet: before the session (expected: CONNECT or ACCEPT alone)");
            }
            if (frame instanceof Frame.Accept accept && handshake != null) {
                receiver = handshake;
                handshake.accepted(accept);
            } else if (frame instanceof Frame.Connect connect && this == serves && offered == null) {
                offered = connect;
                accept();
            } else {
                throw new FrameException(
                        "frame: " + frame.getClass().getSimpleName() + " (expected: CONNECT or ACCEPT)");
            }
        }
    }

    private class End implements Carrier {
        private final Lane lane;

        End(Lane lane) {
            this.lane = lane;
        }

        @Override
        public SessionLoop loop() {
            return loop;
        }

        @Override
        public void send(Packet packet) {
            lane.send(packet);
        }

        @Override
        public void close() {
            lane.receiver = null;
            lane.handshake = null;
            Link.this.lost(Status.UNAVAILABLE.withDescription("link ended"));
        }

        @Override
        public String peer() {
            return name;
        }

        @Override
        public String local() {
            return name;
        }
    }

    private final class Calling extends End implements Carrier.OfClient {
        Calling() {
            super(calls);
        }

        @Override
        public void connect(Frame.Connect offer, Carrier.Handshake handshake) {
            if (ended != null || calls.offered != null) {
                Status why = ended == null ? Status.UNAVAILABLE.withDescription("link is in use") : ended;
                handshake.lost(Status.UNAVAILABLE.withDescription("link ended: " + why.getDescription()));
                return;
            }
            calls.offered = offer;
            calls.handshake = handshake;
            calls.offer();
        }
    }

    private final class Serving implements Carrier.Listener {
        @Override
        public void start(Carrier.Acceptor acceptor) {
            loop.execute(() -> {
                serves.acceptor = acceptor;
                serves.accept();
            });
        }

        @Override
        public void stop() {}

        @Override
        public String address() {
            return name;
        }
    }
}
