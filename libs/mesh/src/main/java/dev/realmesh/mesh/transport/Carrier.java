// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.mesh.transport;

import dev.realmesh.mesh.frame.Frame;
import dev.realmesh.mesh.frame.Packet;
import io.grpc.Status;
import java.util.concurrent.ScheduledExecutorService;

/// What takes a session's packets to the peer, in order: the event bus, or a socket. A carrier may lose its peer,
/// and says so; whether it lost a packet is seen by the numbers. All methods are called on its loop.
public interface Carrier {
    /// The loop of the session.
    SessionLoop loop();

    /// Sends on.
    void send(Packet packet);

    /// Sends what is left and lets go of addresses or sockets. Called once.
    void close();

    /// Address of the peer, for people.
    String peer();

    /// Address of this end, for people; empty before [OfClient#connect].
    String local();

    /// What a carrier delivers to; called on the loop.
    interface Receiver {
        /// A packet has come.
        void received(Packet packet);

        /// The session cannot go on: peer gone, wire broken, packet unreadable.
        void lost(Status why);
    }

    /// The client's end of a carrier.
    interface OfClient extends Carrier {
        /// Asks the other end for a session; called once, before anything is sent. From the answer on, packets go
        /// to `handshake`.
        void connect(Frame.Connect offer, Handshake handshake);
    }

    /// How a carrier answers [OfClient#connect].
    interface Handshake extends Receiver {
        /// The server has opened the session.
        void accepted(Frame.Accept answer);
    }

    /// Makes carriers to servers.
    interface Connector {
        /// A carrier to the server at `address`; nothing is sent yet.
        OfClient open(String address);

        /// For deadlines and backoff of channels; outlives them.
        ScheduledExecutorService timers();
    }

    /// Where a server's carriers come from.
    interface Listener {
        /// Starts to take sessions; returns once clients can find it.
        void start(Acceptor acceptor);

        /// Takes no more sessions; those that are open go on.
        void stop();

        /// Where it listens, for people.
        String address();
    }

    /// Takes sessions of clients.
    @FunctionalInterface
    interface Acceptor {
        /// Opens the session that a client asks for. Called on the carrier's loop.
        ///
        /// @throws io.grpc.StatusRuntimeException if it is refused
        Accepted accept(Carrier carrier, Frame.Connect offer);
    }

    /// An opened session of a server.
    ///
    /// @param answer what the client is told
    /// @param receiver what takes the client's packets
    record Accepted(Frame.Accept answer, Receiver receiver) {}
}
