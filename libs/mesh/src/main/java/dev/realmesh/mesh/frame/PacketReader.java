// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.mesh.frame;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/// Reads packets from bytes of a peer that may be hostile: every length is checked against what is there and
/// against its limit before anything is made of it, and each frame must end where its header says.
public final class PacketReader {
    /// Longest text (method, authority, message, address), in bytes of UTF-8.
    static final int MAX_TEXT = 1024;

    /// Most pairs of metadata in a frame: as many as the largest limit lets through.
    static final int MAX_ENTRIES = Settings.MAX_METADATA / 32;

    private final Bytes bytes;
    private final ByteBuffer in;

    private PacketReader(Bytes bytes) {
        this.bytes = bytes;
        this.in = ByteBuffer.wrap(bytes.array(), bytes.offset(), bytes.length()).slice();
    }

    /// Reads one packet that fills `bytes`; payloads of the result share their array.
    ///
    /// @throws FrameException if the bytes are anything else
    public static Packet read(Bytes bytes) {
        if (bytes.length() > Packet.MAX_BYTES) {
            throw new FrameException(
                    "packet: " + bytes.length() + " bytes (expected: at most " + Packet.MAX_BYTES + ")");
        }
        try {
            return new PacketReader(bytes).packet();
        } catch (BufferUnderflowException e) {
            throw new FrameException("packet: " + bytes.length() + " bytes (expected: more)");
        }
    }

    private Packet packet() {
        long sequence = in.getLong();
        int count = in.getInt();
        if (count < 1 || count > Packet.MAX_FRAMES || count > in.remaining() / PacketWriter.FRAME_HEADER) {
            throw new FrameException(
                    "frames: " + count + " (expected: 1-" + Packet.MAX_FRAMES + ", and as many there)");
        }
        List<Frame> frames = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            frames.add(frame());
        }
        if (in.hasRemaining()) {
            throw new FrameException("packet: " + in.remaining() + " bytes behind its frames (expected: none)");
        }
        return new Packet(sequence, frames);
    }

    private Frame frame() {
        byte type = in.get();
        byte flags = in.get();
        int stream = in.getInt();
        int length = in.getInt();
        if (length < 0 || length > in.remaining()) {
            throw new FrameException("frame length: " + length + " (expected: 0-" + in.remaining() + ")");
        }
        int end = in.position() + length;
        Frame frame = payload(type, flags, stream, length);
        if (in.position() != end) {
            throw new FrameException(
                    "frame of type " + type + ": ends " + (in.position() - end) + " bytes off its length");
        }
        return frame;
    }

    private Frame payload(byte type, byte flags, int stream, int length) {
        boolean flag = flags == 1;
        boolean flagged = type == Frame.Data.TYPE || type == Frame.Reset.TYPE || type == Frame.Ping.TYPE;
        if (flags != 0 && !(flag && flagged)) {
            throw new FrameException("flags: " + flags + " on a frame of type " + type);
        }
        boolean ofStream = type >= Frame.Headers.TYPE && type <= Frame.Reset.TYPE;
        boolean mayName = ofStream || type == Frame.Window.TYPE;
        if (stream < (ofStream ? 1 : 0) || (stream > 0 && !mayName)) {
            throw new FrameException("stream: " + stream + " on a frame of type " + type);
        }
        return switch (type) {
            case Frame.Connect.TYPE -> new Frame.Connect(version(), version(), settings(), text(), text());
            case Frame.Accept.TYPE -> new Frame.Accept(version(), settings(), text(), text());
            case Frame.Headers.TYPE -> new Frame.Headers(stream, text(), text(), block());
            case Frame.Data.TYPE -> new Frame.Data(stream, data(length), flag);
            case Frame.Trailers.TYPE -> new Frame.Trailers(stream, block());
            case Frame.Reset.TYPE -> new Frame.Reset(stream, code(), flag, text());
            case Frame.Window.TYPE -> new Frame.Window(stream, increment());
            case Frame.Ping.TYPE -> new Frame.Ping(flag, in.getLong());
            case Frame.GoAway.TYPE -> new Frame.GoAway(text());
            case Frame.Bye.TYPE -> new Frame.Bye(code(), lastStream(), text());
            default -> throw new FrameException("frame type: " + type + " (expected: 1-10)");
        };
    }

    private int version() {
        return Short.toUnsignedInt(in.getShort());
    }

    private Settings settings() {
        return new Settings(in.getInt(), in.getInt(), in.getInt(), in.getInt(), in.getInt());
    }

    private int code() {
        byte code = in.get();
        if (code < 0 || code > 16) {
            throw new FrameException("status code: " + code + " (expected: 0-16)");
        }
        return code;
    }

    private int lastStream() {
        int stream = in.getInt();
        if (stream < 0) {
            throw new FrameException("last stream: " + stream + " (expected: 0 or more)");
        }
        return stream;
    }

    private int increment() {
        int bytes = in.getInt();
        if (bytes < 1) {
            throw new FrameException("window: " + bytes + " (expected: 1 or more)");
        }
        return bytes;
    }

    private Bytes data(int length) {
        if (length > Settings.MAX_DATA) {
            throw new FrameException("data: " + length + " bytes (expected: at most " + Settings.MAX_DATA + ")");
        }
        return take(length);
    }

    private MetadataBlock block() {
        int count = Short.toUnsignedInt(in.getShort());
        if (count > MAX_ENTRIES) {
            throw new FrameException("metadata: " + count + " pairs (expected: at most " + MAX_ENTRIES + ")");
        }
        List<MetadataBlock.Entry> entries = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            Bytes name = take(Short.toUnsignedInt(in.getShort()));
            MetadataBlock.Entry entry = new MetadataBlock.Entry(name, take(in.getInt()));
            if (!entry.wellFormed()) {
                throw new FrameException("metadata: pair " + i + " (expected: what gRPC allows)");
            }
            entries.add(entry);
        }
        return new MetadataBlock(entries);
    }

    private Bytes take(int length) {
        if (length < 0 || length > in.remaining()) {
            throw new FrameException("length: " + length + " (expected: 0-" + in.remaining() + ")");
        }
        Bytes taken = bytes.slice(in.position(), length);
        in.position(in.position() + length);
        return taken;
    }

    private String text() {
        int length = Short.toUnsignedInt(in.getShort());
        if (length > MAX_TEXT) {
            throw new FrameException("text: " + length + " bytes (expected: at most " + MAX_TEXT + ")");
        }
        Bytes text = take(length);
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(text.array(), text.offset(), text.length()))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new FrameException("text: " + text.length() + " bytes (expected: UTF-8)");
        }
    }
}
