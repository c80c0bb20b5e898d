// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.mesh.transport;

import dev.realmesh.mesh.frame.Bytes;
import dev.realmesh.mesh.frame.Frame;
import dev.realmesh.mesh.frame.MetadataBlock;
import io.grpc.Attributes;
import io.grpc.CallOptions;
import io.grpc.InternalStatus;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.internal.AbstractClientStream;
import io.grpc.internal.ClientStreamListener.RpcProgress;
import io.grpc.internal.StatsTraceContext;
import io.grpc.internal.WritableBuffer;
import org.jspecify.annotations.Nullable;

/// One call, at the client.
final class SessionClientStream extends AbstractClientStream {
    private final SessionClientTransport transport;
    private final Call call;
    private final Sink sink = new FrameSink();
    private final State state;
    private String authority;

    /// What the call is.
    record Call(MethodDescriptor<?, ?> method, String authority, Metadata headers, CallOptions options) {}

    SessionClientStream(SessionClientTransport transport, Call call, StatsTraceContext stats, int maxMessageBytes) {
        super(ByteBuffers.ALLOCATOR, stats, transport.tracer(), call.headers(), call.options(), false);
        this.transport = transport;
        this.call = call;
        this.authority = call.authority();
        this.state = new State(maxMessageBytes, stats);
    }

    @Override
    public void setAuthority(String authority) {
        this.authority = authority;
    }

    @Override
    public Attributes getAttributes() {
        return transport.getAttributes();
    }

    @Override
    protected State transportState() {
        return state;
    }

    @Override
    protected Sink abstractClientStreamSink() {
        return sink;
    }

    /// The stream's number on the wire; 0 until it is there.
    int number() {
        return state.number;
    }

    /// The stream may go on the wire.
    void opened(int number, MetadataBlock metadata) {
        state.opened(number, metadata);
    }

    void received(Frame frame) {
        switch (frame) {
            case Frame.Headers f -> state.headers(f);
            case Frame.Data f -> state.data(f);
            case Frame.Trailers f -> state.trailers(f);
            case Frame.Reset f -> state.reset(f);
            default -> throw new IllegalArgumentException("frame: " + frame + " (expected: of a stream)");
        }
    }

    void credit(int bytes) {
        transport.session().outbound().credit(state.sender, bytes);
    }

    /// The session is over, or did not come to be.
    void lost(Status why, RpcProgress progress) {
        state.over(why, progress);
    }

    private final class FrameSink implements Sink {
        @Override
        public void writeHeaders(Metadata metadata, byte @Nullable [] payload) {
            MetadataBlock block = MetadataFrames.toBlock(metadata);
            // The headers of a call with one message wait for it: one packet.
            transport
                    .session()
                    .post(
                            () -> transport.open(SessionClientStream.this, block),
                            !call.method().getType().clientSendsOneMessage());
        }

        @Override
        public void writeFrame(@Nullable WritableBuffer frame, boolean end, boolean flush, int messages) {
            Bytes bytes = frame == null ? Bytes.EMPTY : ByteBuffers.bytes(frame);
            if (!bytes.isEmpty()) {
                onSendingBytes(bytes.length());
            }
            transport.tracer().reportMessageSent(messages);
            transport.session().post(() -> state.write(bytes, end), flush || end);
        }

        @Override
        public void cancel(Status why) {
            transport.session().post(() -> state.cancel(why), true);
        }
    }

    /// What happens to the stream on the loop.
    final class State extends TransportState {
        private final OutboundFlow.Sender sender = new OutboundFlow.Sender(this::passed);
        private InboundFlow.Receiver receiver = new InboundFlow.Receiver(0);
        private int number;
        private boolean answered;
        private boolean done;

        State(int maxMessageBytes, StatsTraceContext stats) {
            super(maxMessageBytes, stats, transport.tracer(), call.options());
        }

        void opened(int given, MetadataBlock metadata) {
            number = given;
            receiver = new InboundFlow.Receiver(given);
            if (metadata.size() > transport.maxMetadata()) {
                over(tooMuchMetadata(metadata, transport.maxMetadata()), RpcProgress.PROCESSED);
                transport.close(SessionClientStream.this);
                return;
            }
            String method = call.method().getFullMethodName();
            transport.session().emit(new Frame.Headers(number, method, authority, metadata));
            getStatsTraceContext().clientOutboundHeaders();
            transport.tracer().reportLocalStreamStarted();
            onStreamAllocated();
            transport.session().outbound().open(sender, number);
        }

        void write(Bytes bytes, boolean end) {
            transport.session().outbound().write(sender, new Frame.Data(number, bytes, end));
        }

        void headers(Frame.Headers frame) {
            int most = transport.session().config().settings().maxMetadata();
            if (answered) {
                cancel(Status.INTERNAL.withDescription("protocol: headers twice"));
            } else if (frame.metadata().size() > most) {
                cancel(tooMuchMetadata(frame.metadata(), most));
            } else {
                answered = true;
                inboundHeadersReceived(MetadataFrames.toMetadata(frame.metadata()));
            }
        }

        void data(Frame.Data frame) {
            transport.session().inbound().received(receiver, frame.bytes().length());
            if (answered) {
                inboundDataReceived(ByteBuffers.readable(frame.bytes()));
            } else {
                cancel(Status.INTERNAL.withDescription("protocol: data before headers"));
            }
        }

        void trailers(Frame.Trailers frame) {
            int most = transport.session().config().settings().maxMetadata();
            if (frame.metadata().size() > most) {
                cancel(tooMuchMetadata(frame.metadata(), most));
                return;
            }
            Metadata trailers = MetadataFrames.toMetadata(frame.metadata());
            Status status = trailers.get(InternalStatus.CODE_KEY);
            String message = trailers.get(InternalStatus.MESSAGE_KEY);
            trailers.discardAll(InternalStatus.CODE_KEY);
            trailers.discardAll(InternalStatus.MESSAGE_KEY);
            finish();
            if (status == null) {
                transportReportStatus(
                        Status.INTERNAL.withDescription("protocol: trailers without status"), false, trailers);
            } else {
                inboundTrailersReceived(trailers, message == null ? status : status.withDescription(message));
            }
            transport.close(SessionClientStream.this);
        }

        void reset(Frame.Reset frame) {
            Status given = Status.fromCodeValue(frame.code());
            Status status = (given.isOk() ? Status.INTERNAL : given)
                    .withDescription(frame.message().isEmpty() ? "stream reset" : frame.message());
            finish();
            transportReportStatus(
                    status, frame.refused() ? RpcProgress.REFUSED : RpcProgress.PROCESSED, false, new Metadata());
            transport.close(SessionClientStream.this);
        }

        void cancel(Status why) {
            if (done) {
                return;
            }
            if (number != 0) {
                transport.session().emit(new Frame.Reset(number, Status.Code.CANCELLED.value(), false, ""));
            }
            over(why, RpcProgress.PROCESSED);
            transport.close(SessionClientStream.this);
        }

        void over(Status why, RpcProgress progress) {
            finish();
            transportReportStatus(why, progress, true, new Metadata());
        }

        private void finish() {
            done = true;
            transport.session().outbound().close(sender);
            transport.session().inbound().ended(receiver);
        }

        private void passed(Frame frame) {
            if (frame instanceof Frame.Data data && !data.bytes().isEmpty()) {
                onSentBytes(data.bytes().length());
            }
        }

        @Override
        public void runOnTransportThread(Runnable task) {
            transport.session().run(task);
        }

        @Override
        public void bytesRead(int bytes) {
            transport.session().inbound().read(receiver, bytes);
        }

        @Override
        public void deframerClosed(boolean partial) {
            transport.session().inbound().abandoned(receiver);
            super.deframerClosed(partial);
        }

        @Override
        public void deframeFailed(Throwable cause) {
            cancel(Status.fromThrowable(cause));
        }
    }

    private static Status tooMuchMetadata(MetadataBlock block, int most) {
        return Status.RESOURCE_EXHAUSTED.withDescription(
                "metadata: " + block.size() + " bytes (expected: at most " + most + ")");
    }
}
