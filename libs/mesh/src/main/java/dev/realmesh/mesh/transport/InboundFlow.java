// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.mesh.transport;

import dev.realmesh.mesh.frame.Frame;
import dev.realmesh.mesh.frame.FrameException;
import dev.realmesh.mesh.frame.Settings;
import java.util.function.Consumer;

/// What the peer may send: counts DATA that has come and has not been read, refuses what is over a window, and
/// gives credit back once half of a window has been read. On the loop only.
final class InboundFlow {
    private final Settings settings;
    private final Consumer<Frame> wire;
    private int unread;
    private int read;

    InboundFlow(Settings settings, Consumer<Frame> wire) {
        this.settings = settings;
        this.wire = wire;
    }

    /// DATA has come.
    ///
    /// @throws FrameException if it is over a window
    void received(Receiver receiver, int bytes) {
        receiver.unread += bytes;
        if (receiver.unread + receiver.read > settings.streamWindow()) {
            throw new FrameException("stream window: over " + settings.streamWindow() + " bytes");
        }
        received(bytes);
    }

    /// DATA has come that no stream takes any more.
    void discarded(int bytes) {
        received(bytes);
        read(bytes);
    }

    /// The stream's reader has taken bytes.
    void read(Receiver receiver, int taken) {
        int bytes = Math.min(taken, receiver.unread);
        receiver.unread -= bytes;
        if (!receiver.ended) {
            receiver.read += bytes;
            if (receiver.read >= settings.streamWindow() / 2) {
                wire.accept(new Frame.Window(receiver.stream, receiver.read));
                receiver.read = 0;
            }
        }
        read(bytes);
    }

    /// The peer sends no more in this stream: it needs no more credit for it.
    void ended(Receiver receiver) {
        receiver.ended = true;
    }

    /// The stream's reader takes no more: what it left counts as read.
    void abandoned(Receiver receiver) {
        receiver.ended = true;
        int left = receiver.unread;
        receiver.unread = 0;
        read(left);
    }

    private void received(int bytes) {
        unread += bytes;
        if (unread + read > settings.sessionWindow()) {
            throw new FrameException("session window: over " + settings.sessionWindow() + " bytes");
        }
    }

    private void read(int bytes) {
        unread -= bytes;
        read += bytes;
        if (read >= settings.sessionWindow() / 2) {
            wire.accept(new Frame.Window(0, read));
            read = 0;
        }
    }

    /// The receiving half of one stream.
    static final class Receiver {
        private final int stream;
        private int unread;
        private int read;
        private boolean ended;

        Receiver(int stream) {
            this.stream = stream;
        }
    }
}
