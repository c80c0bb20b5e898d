// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.mesh.transport;

import dev.realmesh.mesh.frame.Frame;
import dev.realmesh.mesh.frame.FrameException;
import dev.realmesh.mesh.frame.Settings;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Consumer;

/// What may be sent now: byte windows of the peer, one for each stream and one for the session. What does not fit
/// waits in its stream, in order; streams that wait for the session's window take turns. On the loop only.
final class OutboundFlow {
    private final Consumer<Frame> wire;
    private final Deque<Sender> waiting = new ArrayDeque<>();
    private long window;
    private int streamWindow;
    private int maxData;

    OutboundFlow(Consumer<Frame> wire) {
        this.wire = wire;
    }

    /// The peer has said what it takes.
    void opened(Settings peer) {
        window = peer.sessionWindow();
        streamWindow = peer.streamWindow();
        maxData = peer.maxData();
    }

    /// The stream exists on the wire; what it has written so far may go.
    void open(Sender sender, int stream) {
        sender.stream = stream;
        sender.window = streamWindow;
        advance(sender);
    }

    /// Sends, or keeps until the windows allow it.
    void write(Sender sender, Frame frame) {
        if (!sender.closed) {
            sender.parked.add(frame);
            advance(sender);
        }
    }

    /// The peer has read `bytes` of the stream.
    void credit(Sender sender, int bytes) {
        sender.window = widened(sender.window, bytes);
        advance(sender);
    }

    /// The peer has read `bytes` of any streams.
    void credit(int bytes) {
        window = widened(window, bytes);
        while (window > 0 && !waiting.isEmpty()) {
            Sender sender = waiting.remove();
            sender.waits = false;
            if (step(sender)) {
                sender.waits = true;
                waiting.add(sender);
            }
        }
    }

    /// Drops what the stream has not sent.
    void close(Sender sender) {
        sender.closed = true;
        sender.parked.clear();
    }

    private static long widened(long window, int bytes) {
        if (window + bytes > Integer.MAX_VALUE) {
            throw new FrameException("window: " + (window + bytes) + " (expected: at most " + Integer.MAX_VALUE + ")");
        }
        return window + bytes;
    }

    private void advance(Sender sender) {
        while (!sender.waits && step(sender)) {}
    }

    /// Sends one frame of the stream; false if there is none, or it has to wait.
    private boolean step(Sender sender) {
        Frame next = sender.parked.peek();
        if (next == null || sender.stream == 0) {
            return false;
        }
        if (next instanceof Frame.Data data) {
            return step(sender, data);
        }
        sender.parked.remove();
        pass(sender, next);
        return true;
    }

    private boolean step(Sender sender, Frame.Data data) {
        int length = data.bytes().length();
        int fits = (int) Math.min(Math.min(sender.window, window), Math.min(maxData, length));
        if (fits == 0 && length > 0) {
            if (sender.window > 0) {
                sender.waits = true;
                waiting.add(sender);
            }
            return false;
        }
        sender.parked.remove();
        if (fits < length) {
            sender.parked.addFirst(new Frame.Data(sender.stream, data.bytes().slice(fits, length - fits), data.end()));
        }
        sender.window -= fits;
        window -= fits;
        pass(sender, new Frame.Data(sender.stream, data.bytes().slice(0, fits), data.end() && fits == length));
        return true;
    }

    private void pass(Sender sender, Frame frame) {
        wire.accept(frame);
        sender.passed.accept(frame);
    }

    /// The sending half of one stream.
    static final class Sender {
        private final Consumer<Frame> passed;
        private final Deque<Frame> parked = new ArrayDeque<>();
        private int stream;
        private long window;
        private boolean waits;
        private boolean closed;

        /// @param passed told of each frame as it goes out
        Sender(Consumer<Frame> passed) {
            this.passed = passed;
        }
    }
}
