// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.mesh.transport;

import dev.realmesh.mesh.frame.Bytes;
import dev.realmesh.mesh.frame.Frame;
import dev.realmesh.mesh.frame.FrameException;
import dev.realmesh.mesh.frame.MetadataBlock;
import io.grpc.Attributes;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.internal.AbstractServerStream;
import io.grpc.internal.StatsTraceContext;
import io.grpc.internal.WritableBuffer;

/// One call, at the server.
final class SessionServerStream extends AbstractServerStream {
    private final SessionServerTransport transport;
    private final int number;
    private final String authority;
    private final Sink sink = new FrameSink();
    private final State state;

    SessionServerStream(
            SessionServerTransport transport, Frame.Headers opening, StatsTraceContext stats, int maxMessageBytes) {
        super(ByteBuffers.ALLOCATOR, stats);
        this.transport = transport;
        this.number = opening.stream();
        this.authority = opening.authority();
        this.state = new State(maxMessageBytes, stats);
    }

    @Override
    public int streamId() {
        return number;
    }

    @Override
    public Attributes getAttributes() {
        return transport.attributes();
    }

    @Override
    public String getAuthority() {
        return authority;
    }

    @Override
    protected State transportState() {
        return state;
    }

    @Override
    protected Sink abstractServerStreamSink() {
        return sink;
    }

    /// The server has a listener for the stream.
    void opened() {
        state.onStreamAllocated();
        transport.session().outbound().open(state.sender, number);
    }

    /// DATA or RESET has come.
    void received(Frame frame) {
        if (frame instanceof Frame.Data data) {
            state.data(data);
        } else if (frame instanceof Frame.Reset reset) {
            Status.Code code = Status.fromCodeValue(reset.code()).getCode();
            state.over(Status.CANCELLED.withDescription("reset by client: " + code));
            transport.close(this);
        }
    }

    void credit(int bytes) {
        transport.session().outbound().credit(state.sender, bytes);
    }

    /// The session is over.
    void lost(Status why) {
        state.over(why);
    }

    private final class FrameSink implements Sink {
        @Override
        public void writeHeaders(Metadata metadata, boolean flush) {
            MetadataBlock block = MetadataFrames.toBlock(metadata);
            transport.session().post(() -> state.write(new Frame.Headers(number, "", "", block), block), flush);
        }

        @Override
        public void writeFrame(WritableBuffer frame, boolean flush, int messages) {
            Bytes bytes = ByteBuffers.bytes(frame);
            onSendingBytes(bytes.length());
            transport.tracer().reportMessageSent(messages);
            transport
                    .session()
                    .post(() -> state.write(new Frame.Data(number, bytes, false), MetadataBlock.EMPTY), flush);
        }

        @Override
        public void writeTrailers(Metadata trailers, boolean headersSent, Status status) {
            MetadataBlock block = MetadataFrames.toBlock(trailers);
            transport.session().post(() -> state.write(new Frame.Trailers(number, block), block), true);
        }

        @Override
        public void cancel(Status why) {
            transport.session().post(() -> state.cancel(why), true);
        }
    }

    /// What happens to the stream on the loop.
    final class State extends TransportState {
        private final OutboundFlow.Sender sender = new OutboundFlow.Sender(this::passed);
        private final InboundFlow.Receiver receiver = new InboundFlow.Receiver(number);
        private boolean halfClosed;
        private boolean done;

        State(int maxMessageBytes, StatsTraceContext stats) {
            super(maxMessageBytes, stats, transport.tracer());
        }

        void data(Frame.Data frame) {
            if (halfClosed) {
                throw new FrameException("data: stream " + number + " (expected: none behind its end)");
            }
            halfClosed = frame.end();
            transport.session().inbound().received(receiver, frame.bytes().length());
            if (halfClosed) {
                transport.session().inbound().ended(receiver);
            }
            inboundDataReceived(ByteBuffers.readable(frame.bytes()), frame.end());
        }

        void write(Frame frame, MetadataBlock metadata) {
            if (metadata.size() > transport.maxMetadata()) {
                cancel(Status.RESOURCE_EXHAUSTED.withDescription(
                        "metadata: " + metadata.size() + " bytes (expected: at most " + transport.maxMetadata() + ")"));
            } else {
                transport.session().outbound().write(sender, frame);
            }
        }

        void cancel(Status why) {
            if (done) {
                return;
            }
            transport.session().emit(reset(why));
            over(why);
            transport.close(SessionServerStream.this);
        }

        /// The client keeps the same deadline and says it better: to it, the end by the server's is a cancellation,
        /// as over HTTP/2.
        private Frame.Reset reset(Status why) {
            boolean late = why.getCode() == Status.Code.DEADLINE_EXCEEDED;
            Status.Code code = late ? Status.Code.CANCELLED : why.getCode();
            String message = late || why.getDescription() == null ? "" : why.getDescription();
            return new Frame.Reset(number, code.value(), false, message);
        }

        void over(Status why) {
            finish();
            transportReportStatus(why);
        }

        private void finish() {
            done = true;
            transport.session().outbound().close(sender);
            transport.session().inbound().ended(receiver);
        }

        private void passed(Frame frame) {
            if (frame instanceof Frame.Data data && !data.bytes().isEmpty()) {
                onSentBytes(data.bytes().length());
            } else if (frame instanceof Frame.Trailers) {
                finish();
                complete();
                transport.close(SessionServerStream.this);
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
}
