// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.mesh.transport;

import com.google.common.base.Stopwatch;
import dev.realmesh.mesh.frame.Frame;
import dev.realmesh.mesh.frame.FrameException;
import dev.realmesh.mesh.frame.Packet;
import dev.realmesh.mesh.frame.PacketWriter;
import dev.realmesh.mesh.frame.Settings;
import io.grpc.Status;
import io.grpc.internal.ClientTransport.PingCallback;
import io.grpc.internal.Http2Ping;
import io.grpc.internal.KeepAliveManager;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What both ends of a session have in common: packets and their numbers, windows, pings, the end.
///
/// Application threads hand in work by [#post]; it runs on the loop in order, and the frames that it writes leave
/// in as few packets as they fit in. So a unary call costs one packet each way, and many calls at once share
/// packets. All other methods are called on the loop.
final class Session implements Carrier.Receiver {
    private static final Logger LOG = LoggerFactory.getLogger(Session.class);

    private final Carrier carrier;
    private final SessionConfig config;
    private final Side side;
    private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();
    private final AtomicBoolean scheduled = new AtomicBoolean();
    private final OutboundFlow outbound = new OutboundFlow(this::emit);
    private final InboundFlow inbound;
    private final KeepAliveManager keepAlive;

    private List<Frame> batch = new ArrayList<>();
    private int batchBytes;
    private long nextOut;
    private long nextIn;
    private boolean inTurn;
    private boolean open;
    private boolean ended;
    private @Nullable Http2Ping ping;
    private long pings;

    /// What differs between the client's end and the server's.
    interface Side {
        /// A frame of a stream, or GOAWAY.
        void received(Frame frame);

        /// The peer has read `bytes` of a stream.
        void credit(int stream, int bytes);

        /// The session is over, whoever ended it; called once.
        ///
        /// @param lastStream streams with a higher number have not been seen by the peer
        void ended(Status why, int lastStream);

        /// The last stream of the peer that this end has seen.
        int lastStream();
    }

    Session(Carrier carrier, SessionConfig config, Side side) {
        this.carrier = carrier;
        this.config = config;
        this.side = side;
        this.inbound = new InboundFlow(config.settings(), this::emit);
        this.keepAlive = new KeepAliveManager(
                new Pinger(),
                carrier.loop().scheduler(),
                config.keepAlive().toNanos(),
                config.keepAliveTimeout().toNanos(),
                true);
    }

    /// Hands in work from any thread.
    ///
    /// @param flush whether it, and all that came before, should happen now; otherwise it may wait for company
    void post(Runnable task, boolean flush) {
        tasks.add(task);
        if (flush && scheduled.compareAndSet(false, true)) {
            carrier.loop().execute(() -> turn(() -> {}));
        }
    }

    /// Does the work on the loop: now if the caller is there.
    void run(Runnable task) {
        if (!carrier.loop().inLoop()) {
            post(task, true);
        } else if (inTurn) {
            task.run();
        } else {
            turn(task);
        }
    }

    /// The peer has said what it takes: frames may be sent.
    ///
    /// @param sent packets that the opening took, in each direction
    void opened(Settings peer, int sent) {
        open = true;
        nextOut = sent;
        nextIn = sent;
        outbound.opened(peer);
        keepAlive.onTransportStarted();
    }

    OutboundFlow outbound() {
        return outbound;
    }

    InboundFlow inbound() {
        return inbound;
    }

    SessionConfig config() {
        return config;
    }

    boolean isEnded() {
        return ended;
    }

    /// Writes a frame that needs no window.
    void emit(Frame frame) {
        if (ended || !open) {
            return;
        }
        batch.add(frame);
        batchBytes += PacketWriter.size(frame);
        if (batchBytes >= Packet.FULL_BYTES || batch.size() == Packet.MAX_FRAMES) {
            flush();
        }
    }

    @Override
    public void received(Packet packet) {
        turn(() -> receive(packet));
    }

    @Override
    public void lost(Status why) {
        run(() -> {
            if (!ended) {
                over(why, Integer.MAX_VALUE);
            }
        });
    }

    /// Ends the session: tells the peer, then this side.
    ///
    /// @param why status of what is still open
    void end(Status why) {
        if (!ended) {
            String message = why.getDescription() == null ? "" : why.getDescription();
            emit(new Frame.Bye(why.getCode().value(), side.lastStream(), message));
            flush();
            over(why, Integer.MAX_VALUE);
        }
    }

    /// Asks the peer for a sign of life.
    void ping(PingCallback callback, Executor executor) {
        if (ended) {
            Http2Ping.notifyFailed(callback, executor, Status.UNAVAILABLE.withDescription("session ended"));
            return;
        }
        if (ping == null) {
            ping = new Http2Ping(++pings, Stopwatch.createStarted());
            emit(new Frame.Ping(false, ping.payload()));
        }
        ping.addCallback(callback, executor);
    }

    /// Work in one go, then all frames that it made.
    private void turn(Runnable first) {
        inTurn = true;
        try {
            first.run();
            scheduled.set(false);
            for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
                task.run();
            }
            flush();
        } catch (FrameException e) {
            end(Status.INTERNAL.withDescription("protocol: " + e.getMessage()));
        } catch (RuntimeException e) {
            LOG.warn("session with {} failed", carrier.peer(), e);
            end(Status.INTERNAL.withDescription("session failed").withCause(e));
        } finally {
            inTurn = false;
        }
    }

    private void flush() {
        if (!batch.isEmpty()) {
            Packet packet = new Packet(nextOut++, batch);
            batch = new ArrayList<>();
            batchBytes = 0;
            carrier.send(packet);
        }
    }

    private void receive(Packet packet) {
        if (ended) {
            return;
        }
        if (packet.sequence() != nextIn) {
            end(Status.UNAVAILABLE.withDescription(
                    "packet: number " + packet.sequence() + " (expected: " + nextIn + ")"));
            return;
        }
        nextIn++;
        keepAlive.onDataReceived();
        for (Frame frame : packet.frames()) {
            if (!ended) {
                receive(frame);
            }
        }
    }

    private void receive(Frame frame) {
        switch (frame) {
            case Frame.OfStream f -> side.received(f);
            case Frame.GoAway f -> side.received(f);
            case Frame.Window f -> credit(f);
            case Frame.Ping f -> pinged(f);
            case Frame.Bye f -> {
                String why = "session ended by " + carrier.peer() + (f.message().isEmpty() ? "" : ": " + f.message());
                over(Status.UNAVAILABLE.withDescription(why), f.lastStream());
            }
            case Frame.Connect f -> throw new FrameException("CONNECT inside a session");
            case Frame.Accept f -> throw new FrameException("ACCEPT inside a session");
        }
    }

    private void credit(Frame.Window window) {
        if (window.stream() == 0) {
            outbound.credit(window.bytes());
        } else {
            side.credit(window.stream(), window.bytes());
        }
    }

    private void pinged(Frame.Ping frame) {
        if (!frame.answer()) {
            emit(new Frame.Ping(true, frame.data()));
        } else if (ping != null && ping.payload() == frame.data()) {
            ping.complete();
            ping = null;
        }
    }

    /// The peer knows already, and may be gone.
    private void over(Status why, int seenThere) {
        ended = true;
        batch = new ArrayList<>();
        keepAlive.onTransportTermination();
        if (ping != null) {
            ping.failed(why);
        }
        try {
            side.ended(why, seenThere);
        } finally {
            carrier.close();
        }
    }

    private final class Pinger implements KeepAliveManager.KeepAlivePinger {
        @Override
        public void ping() {
            post(() -> emit(new Frame.Ping(false, 0)), true);
        }

        @Override
        public void onPingTimeout() {
            post(
                    () -> end(Status.UNAVAILABLE.withDescription("no answer from " + carrier.peer() + " in "
                            + config.keepAliveTimeout().toMillis() + " ms")),
                    true);
        }
    }
}
