// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.mesh.bus;

import dev.realmesh.mesh.frame.Bytes;
import dev.realmesh.mesh.frame.FrameException;
import dev.realmesh.mesh.frame.Packet;
import dev.realmesh.mesh.frame.PacketReader;
import dev.realmesh.mesh.frame.PacketWriter;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.eventbus.MessageCodec;

/// Packets as bodies of bus messages. Between handlers of one Vert.x the packet itself is handed over.
final class PacketCodec implements MessageCodec<Packet, Packet> {
    /// Short, for it is in every message.
    static final String NAME = "rm";

    @Override
    public void encodeToWire(Buffer buffer, Packet packet) {
        byte[] bytes = PacketWriter.write(packet);
        buffer.appendInt(bytes.length).appendBytes(bytes);
    }

    @Override
    public Packet decodeFromWire(int position, Buffer buffer) {
        int length = buffer.length() - position < 4 ? -1 : buffer.getInt(position);
        int start = position + 4;
        if (length < 0 || length > Packet.MAX_BYTES || length > buffer.length() - start) {
            throw new FrameException("packet: length " + length + " (expected: what the message holds)");
        }
        return PacketReader.read(Bytes.wrap(buffer.getBytes(start, start + length)));
    }

    @Override
    public Packet transform(Packet packet) {
        return packet;
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public byte systemCodecID() {
        return -1;
    }
}
