// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.mesh.transport;

import com.google.common.util.concurrent.Futures;
import com.google.common.util.concurrent.ListenableFuture;
import dev.realmesh.mesh.frame.Frame;
import dev.realmesh.mesh.frame.FrameException;
import dev.realmesh.mesh.frame.Settings;
import io.grpc.Attributes;
import io.grpc.Grpc;
import io.grpc.InternalChannelz.SocketOptions;
import io.grpc.InternalChannelz.SocketStats;
import io.grpc.InternalLogId;
import io.grpc.Metadata;
import io.grpc.ServerStreamTracer;
import io.grpc.Status;
import io.grpc.internal.ServerTransport;
import io.grpc.internal.ServerTransportListener;
import io.grpc.internal.StatsTraceContext;
import io.grpc.internal.TransportTracer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ScheduledExecutorService;
import org.jspecify.annotations.Nullable;

/// The server's end of a session, as grpc-core sees it.
final class SessionServerTransport implements ServerTransport, Session.Side {
    private final InternalLogId logId;
    private final Carrier carrier;
    private final SessionConfig config;
    private final List<? extends ServerStreamTracer.Factory> tracers;
    private final Session session;
    private final Settings peer;
    private final TransportTracer tracer = TransportTracer.getDefaultFactory().create();
    private final Map<Integer, SessionServerStream> streams = new HashMap<>();

    private Attributes attributes;
    private @Nullable ServerTransportListener listener;
    private int lastStream;
    private boolean draining;

    SessionServerTransport(
            Carrier carrier, SessionConfig config, Settings peer, List<? extends ServerStreamTracer.Factory> tracers) {
        this.logId = InternalLogId.allocate(SessionServerTransport.class, carrier.peer());
        this.carrier = carrier;
        this.config = config;
        this.peer = peer;
        this.tracers = tracers;
        this.session = new Session(carrier, config, this);
        this.attributes = Attributes.newBuilder()
                .set(Grpc.TRANSPORT_ATTR_REMOTE_ADDR, new MeshAddress(carrier.peer()))
                .set(Grpc.TRANSPORT_ATTR_LOCAL_ADDR, new MeshAddress(carrier.local()))
                .build();
    }

    /// The server has taken the session.
    void start(ServerTransportListener transportListener) {
        listener = transportListener;
        session.opened(peer, 1);
        attributes = transportListener.transportReady(attributes);
    }

    Session session() {
        return session;
    }

    TransportTracer tracer() {
        return tracer;
    }

    Attributes attributes() {
        return attributes;
    }

    /// The most metadata that the client takes.
    int maxMetadata() {
        return peer.maxMetadata();
    }

    /// The stream is done; nothing more comes of it.
    void close(SessionServerStream stream) {
        streams.remove(stream.streamId());
        endIfDone();
    }

    @Override
    public void shutdown() {
        session.run(() -> {
            if (!draining) {
                draining = true;
                session.emit(new Frame.GoAway("server shuts down"));
                endIfDone();
            }
        });
    }

    @Override
    public void shutdownNow(Status reason) {
        session.run(() -> session.end(reason));
    }

    @Override
    public ScheduledExecutorService getScheduledExecutorService() {
        return carrier.loop().scheduler();
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
    public void received(Frame frame) {
        if (frame instanceof Frame.Headers headers) {
            opened(headers);
            return;
        }
        SessionServerStream stream = streams.get(frame.stream());
        boolean expected = frame instanceof Frame.Data || frame instanceof Frame.Reset;
        if (!expected || (stream == null && frame.stream() > lastStream)) {
            throw new FrameException("frame: " + frame.getClass().getSimpleName() + " on stream " + frame.stream()
                    + " (expected: what a client sends)");
        }
        if (stream != null) {
            stream.received(frame);
        } else if (frame instanceof Frame.Data data) {
            session.inbound().discarded(data.bytes().length());
        }
    }

    @Override
    public void credit(int number, int bytes) {
        SessionServerStream stream = streams.get(number);
        if (stream != null) {
            stream.credit(bytes);
        } else if (number > lastStream) {
            throw new FrameException("window: stream " + number + " (expected: an open one)");
        }
    }

    @Override
    public void ended(Status why, int ignored) {
        List<SessionServerStream> open = new ArrayList<>(streams.values());
        streams.clear();
        open.forEach(stream -> stream.lost(why.isOk() ? Status.UNAVAILABLE : why));
        listener().transportTerminated();
    }

    @Override
    public int lastStream() {
        return lastStream;
    }

    private void opened(Frame.Headers headers) {
        if (headers.stream() <= lastStream) {
            throw new FrameException("stream: " + headers.stream() + " (expected: over " + lastStream + ")");
        }
        lastStream = headers.stream();
        Settings mine = config.settings();
        if (draining) {
            refuse(headers, Status.UNAVAILABLE.withDescription("server shuts down"), true);
        } else if (streams.size() >= mine.maxStreams()) {
            refuse(headers, Status.UNAVAILABLE.withDescription("streams: over " + mine.maxStreams()), true);
        } else if (headers.metadata().size() > mine.maxMetadata()) {
            String what = "metadata: " + headers.metadata().size() + " bytes (expected: at most ";
            refuse(headers, Status.RESOURCE_EXHAUSTED.withDescription(what + mine.maxMetadata() + ")"), false);
        } else {
            serve(headers);
        }
    }

    private void serve(Frame.Headers headers) {
        Metadata metadata = MetadataFrames.toMetadata(headers.metadata());
        StatsTraceContext stats = StatsTraceContext.newServerContext(tracers, headers.method(), metadata);
        SessionServerStream stream = new SessionServerStream(this, headers, stats, config.maxMessageBytes());
        streams.put(headers.stream(), stream);
        listener().streamCreated(stream, headers.method(), metadata);
        stream.opened();
    }

    private void refuse(Frame.Headers headers, Status why, boolean elsewhere) {
        String message = why.getDescription() == null ? "" : why.getDescription();
        session.emit(new Frame.Reset(headers.stream(), why.getCode().value(), elsewhere, message));
    }

    private void endIfDone() {
        if (draining && streams.isEmpty() && !session.isEnded()) {
            session.end(Status.UNAVAILABLE.withDescription("server shuts down"));
        }
    }

    private ServerTransportListener listener() {
        if (listener == null) {
            throw new IllegalStateException("transport: not started");
        }
        return listener;
    }
}
