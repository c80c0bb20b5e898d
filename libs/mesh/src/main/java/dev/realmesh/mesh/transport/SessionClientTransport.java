// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.mesh.transport;

import com.google.common.util.concurrent.Futures;
import com.google.common.util.concurrent.ListenableFuture;
import dev.realmesh.mesh.frame.Frame;
import dev.realmesh.mesh.frame.MetadataBlock;
import dev.realmesh.mesh.frame.Packet;
import dev.realmesh.mesh.frame.Settings;
import io.grpc.Attributes;
import io.grpc.CallOptions;
import io.grpc.ClientStreamTracer;
import io.grpc.Grpc;
import io.grpc.InternalChannelz.SocketOptions;
import io.grpc.InternalChannelz.SocketStats;
import io.grpc.InternalLogId;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.internal.ClientStream;
import io.grpc.internal.ClientStreamListener.RpcProgress;
import io.grpc.internal.ConnectionClientTransport;
import io.grpc.internal.FailingClientStream;
import io.grpc.internal.InUseStateAggregator;
import io.grpc.internal.SimpleDisconnectError;
import io.grpc.internal.StatsTraceContext;
import io.grpc.internal.TransportTracer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/// The client's end of a session, as grpc-core sees it. Streams over the server's limit wait here until others end.
final class SessionClientTransport implements ConnectionClientTransport, Carrier.Handshake, Session.Side {
    private final InternalLogId logId;
    private final Carrier.OfClient carrier;
    private final SessionConfig config;
    private final String authority;
    private final Session session;
    private final TransportTracer tracer = TransportTracer.getDefaultFactory().create();
    private final Map<Integer, SessionClientStream> streams = new HashMap<>();
    private final Deque<Opening> waiting = new ArrayDeque<>();
    private final InUse inUse = new InUse();

    private volatile Attributes attributes;
    private volatile @Nullable Status shutdown;
    private @Nullable Listener listener;
    private @Nullable Settings peer;
    private int nextStream = 1;

    SessionClientTransport(Carrier.OfClient carrier, SessionConfig config, MeshAddress address, String authority) {
        this.logId = InternalLogId.allocate(SessionClientTransport.class, address.toString());
        this.carrier = carrier;
        this.config = config;
        this.authority = authority;
        this.session = new Session(carrier, config, this);
        this.attributes = Attributes.newBuilder()
                .set(Grpc.TRANSPORT_ATTR_REMOTE_ADDR, address)
                .build();
    }

    @Override
    public Runnable start(Listener transportListener) {
        this.listener = transportListener;
        return () -> session.run(() -> {
            if (!session.isEnded()) {
                carrier.connect(Frame.Connect.of(config.settings()), this);
            }
        });
    }

    @Override
    public ClientStream newStream(
            MethodDescriptor<?, ?> method, Metadata headers, CallOptions options, ClientStreamTracer[] tracers) {
        StatsTraceContext stats = StatsTraceContext.newClientContext(tracers, attributes, headers);
        Status over = shutdown;
        if (over != null) {
            return new FailingClientStream(over, RpcProgress.MISCARRIED, tracers);
        }
        SessionClientStream.Call call = new SessionClientStream.Call(
                method, options.getAuthority() == null ? authority : options.getAuthority(), headers, options);
        return new SessionClientStream(this, call, stats, config.maxMessageBytes());
    }

    @Override
    public void accepted(Frame.Accept answer) {
        session.run(() -> {
            if (session.isEnded()) {
                return;
            }
            peer = answer.settings();
            session.opened(answer.settings(), 1);
            attributes = listener()
                    .filterTransport(attributes.toBuilder()
                            .set(Grpc.TRANSPORT_ATTR_LOCAL_ADDR, new MeshAddress(carrier.local()))
                            .build());
            listener().transportReady();
            openWaiting();
            endIfDone();
        });
    }

    @Override
    public void received(Packet packet) {
        session.received(packet);
    }

    @Override
    public void lost(Status why) {
        session.lost(why);
    }

    @Override
    public void shutdown(Status reason) {
        session.run(() -> drain(reason));
    }

    @Override
    public void shutdownNow(Status reason) {
        session.run(() -> session.end(reason));
    }

    @Override
    public void ping(PingCallback callback, Executor executor) {
        session.run(() -> session.ping(callback, executor));
    }

    @Override
    public ListenableFuture<SocketStats> getStats() {
        return Futures.immediateFuture(
                new SocketStats(tracer.getStats(), null, null, new SocketOptions.Builder().build(), null));
    }

    @Override
    public InternalLogId getLogId() {
        return logId;
    }

    @Override
    public Attributes getAttributes() {
        return attributes;
    }

    Session session() {
        return session;
    }

    TransportTracer tracer() {
        return tracer;
    }

    /// Opens the stream on the wire, or keeps it until the server takes one more.
    void open(SessionClientStream stream, MetadataBlock metadata) {
        inUse.updateObjectInUse(stream, stream.shouldBeCountedForInUse());
        waiting.add(new Opening(stream, metadata));
        if (session.isEnded()) {
            miscarryWaiting();
        } else {
            openWaiting();
        }
    }

    /// The stream is done; nothing more comes of it.
    void close(SessionClientStream stream) {
        streams.remove(stream.number());
        if (stream.number() == 0) {
            waiting.removeIf(opening -> opening.stream() == stream);
        }
        inUse.updateObjectInUse(stream, false);
        openWaiting();
        endIfDone();
    }

    /// The most metadata that the server takes.
    int maxMetadata() {
        return peer == null ? 0 : peer.maxMetadata();
    }

    @Override
    public void received(Frame frame) {
        if (frame instanceof Frame.GoAway goAway) {
            drain(Status.UNAVAILABLE.withDescription(
                    carrier.peer() + " goes away" + (goAway.message().isEmpty() ? "" : ": " + goAway.message())));
            miscarryWaiting();
            endIfDone();
            return;
        }
        SessionClientStream stream = streams.get(frame.stream());
        if (stream != null) {
            stream.received(frame);
        } else if (frame instanceof Frame.Data data) {
            session.inbound().discarded(data.bytes().length());
        }
    }

    @Override
    public void credit(int number, int bytes) {
        SessionClientStream stream = streams.get(number);
        if (stream != null) {
            stream.credit(bytes);
        }
    }

    @Override
    public void ended(Status why, int lastStream) {
        announceShutdown(why);
        List<SessionClientStream> open = new ArrayList<>(streams.values());
        streams.clear();
        for (SessionClientStream stream : open) {
            stream.lost(why, stream.number() > lastStream ? RpcProgress.REFUSED : RpcProgress.PROCESSED);
        }
        miscarryWaiting();
        open.forEach(stream -> inUse.updateObjectInUse(stream, false));
        listener().transportTerminated();
    }

    @Override
    public int lastStream() {
        return 0;
    }

    private void drain(Status reason) {
        announceShutdown(reason);
        endIfDone();
    }

    private void announceShutdown(Status reason) {
        if (shutdown == null) {
            shutdown = reason;
            listener().transportShutdown(reason, SimpleDisconnectError.UNKNOWN);
        }
    }

    private void openWaiting() {
        Settings settings = peer;
        while (settings != null && streams.size() < settings.maxStreams() && !waiting.isEmpty()) {
            Opening opening = waiting.remove();
            int number = nextStream++;
            streams.put(number, opening.stream());
            opening.stream().opened(number, opening.metadata());
        }
    }

    private void miscarryWaiting() {
        Status why = shutdown == null ? Status.UNAVAILABLE : shutdown;
        for (Opening next = waiting.poll(); next != null; next = waiting.poll()) {
            next.stream().lost(why, RpcProgress.MISCARRIED);
            inUse.updateObjectInUse(next.stream(), false);
        }
    }

    private void endIfDone() {
        Status why = shutdown;
        if (why != null && streams.isEmpty() && waiting.isEmpty() && !session.isEnded()) {
            session.end(why.isOk() ? Status.UNAVAILABLE : why);
        }
    }

    private Listener listener() {
        if (listener == null) {
            throw new IllegalStateException("transport: not started");
        }
        return listener;
    }

    private record Opening(SessionClientStream stream, MetadataBlock metadata) {}

    private final class InUse extends InUseStateAggregator<SessionClientStream> {
        @Override
        protected void handleInUse() {
            listener().transportInUse(true);
        }

        @Override
        protected void handleNotInUse() {
            listener().transportInUse(false);
        }
    }
}
