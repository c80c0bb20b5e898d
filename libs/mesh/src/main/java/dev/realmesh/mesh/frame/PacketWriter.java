// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.mesh.frame;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// Writes packets as bytes; big endian throughout. Never throws on what a session may send: carriers lose
/// exceptions of codecs.
public final class PacketWriter {
    /// Length of a packet's own header: sequence, number of frames.
    static final int PACKET_HEADER = 12;

    /// Length of a frame's header: type, flags, stream, length.
    static final int FRAME_HEADER = 10;

    private PacketWriter() {}

    /// The packet as bytes.
    public static byte[] write(Packet packet) {
        byte[] array = new byte[size(packet)];
        ByteBuffer out = ByteBuffer.wrap(array)
                .putLong(packet.sequence())
                .putInt(packet.frames().size());
        for (Frame frame : packet.frames()) {
            write(frame, out);
        }
        return array;
    }

    /// How long [#write] makes the packet.
    public static int size(Packet packet) {
        int size = PACKET_HEADER;
        for (Frame frame : packet.frames()) {
            size += size(frame);
        }
        return size;
    }

    /// How long the frame is on the wire, header and all.
    public static int size(Frame frame) {
        return FRAME_HEADER + payloadSize(frame);
    }

    private static int payloadSize(Frame frame) {
        return switch (frame) {
            case Frame.Connect f -> 24 + 4 + text(f.node()) + text(f.replyTo());
            case Frame.Accept f -> 22 + 4 + text(f.node()) + text(f.replyTo());
            case Frame.Headers f -> 4 + text(f.method()) + text(f.authority()) + blockSize(f.metadata());
            case Frame.Data f -> f.bytes().length();
            case Frame.Trailers f -> blockSize(f.metadata());
            case Frame.Reset f -> 3 + text(f.message());
            case Frame.Window f -> 4;
            case Frame.Ping f -> 8;
            case Frame.GoAway f -> 2 + text(f.message());
            case Frame.Bye f -> 7 + text(f.message());
        };
    }

    private static int blockSize(MetadataBlock block) {
        int size = 2;
        for (MetadataBlock.Entry entry : block.entries()) {
            size += 6 + entry.name().length() + entry.value().length();
        }
        return size;
    }

    private static void write(Frame frame, ByteBuffer out) {
        out.put(frame.type()).put(flags(frame)).putInt(frame.stream()).putInt(payloadSize(frame));
        switch (frame) {
            case Frame.Connect f -> {
                out.putShort((short) f.minVersion()).putShort((short) f.maxVersion());
                putSettings(f.settings(), out);
                putText(f.node(), out);
                putText(f.replyTo(), out);
            }
            case Frame.Accept f -> {
                out.putShort((short) f.version());
                putSettings(f.settings(), out);
                putText(f.node(), out);
                putText(f.replyTo(), out);
            }
            case Frame.Headers f -> {
                putText(f.method(), out);
                putText(f.authority(), out);
                putBlock(f.metadata(), out);
            }
            case Frame.Data f -> putBytes(f.bytes(), out);
            case Frame.Trailers f -> putBlock(f.metadata(), out);
            case Frame.Reset f -> putText(f.message(), out.put((byte) f.code()));
            case Frame.Window f -> out.putInt(f.bytes());
            case Frame.Ping f -> out.putLong(f.data());
            case Frame.GoAway f -> putText(f.message(), out);
            case Frame.Bye f -> putText(f.message(), out.put((byte) f.code()).putInt(f.lastStream()));
        }
    }

    private static byte flags(Frame frame) {
        boolean flag = switch (frame) {
            case Frame.Data f -> f.end();
            case Frame.Reset f -> f.refused();
            case Frame.Ping f -> f.answer();
            default -> false;
        };
        return (byte) (flag ? 1 : 0);
    }

    private static void putSettings(Settings settings, ByteBuffer out) {
        out.putInt(settings.maxStreams())
                .putInt(settings.streamWindow())
                .putInt(settings.sessionWindow())
                .putInt(settings.maxData())
                .putInt(settings.maxMetadata());
    }

    private static void putBlock(MetadataBlock block, ByteBuffer out) {
        out.putShort((short) block.entries().size());
        for (MetadataBlock.Entry entry : block.entries()) {
            putBytes(entry.name(), out.putShort((short) entry.name().length()));
            putBytes(entry.value(), out.putInt(entry.value().length()));
        }
    }

    private static void putBytes(Bytes bytes, ByteBuffer out) {
        out.put(bytes.array(), bytes.offset(), bytes.length());
    }

    private static int text(String text) {
        return encoded(text).length;
    }

    private static void putText(String text, ByteBuffer out) {
        byte[] encoded = encoded(text);
        out.putShort((short) encoded.length).put(encoded);
    }

    private static byte[] encoded(String text) {
        byte[] all = text.getBytes(StandardCharsets.UTF_8);
        if (all.length <= PacketReader.MAX_TEXT) {
            return all;
        }
        int end = PacketReader.MAX_TEXT;
        while ((all[end] & 0xC0) == 0x80) {
            end--; // cut in front of a character, not inside it
        }
        return Arrays.copyOf(all, end);
    }
}
