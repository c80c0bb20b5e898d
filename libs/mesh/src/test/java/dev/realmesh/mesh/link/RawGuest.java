// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.mesh.link;

import dev.realmesh.mesh.frame.Bytes;
import dev.realmesh.mesh.frame.Frame;
import dev.realmesh.mesh.frame.Packet;
import dev.realmesh.mesh.frame.PacketReader;
import dev.realmesh.mesh.frame.PacketWriter;
import dev.realmesh.mesh.frame.Settings;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.HexFormat;

/// A guest that sends what it likes.
final class RawGuest implements AutoCloseable {
    private final SocketChannel socket;
    private final DataInputStream in;
    private long sequence;

    RawGuest(Path path) throws IOException {
        socket = SocketChannel.open(UnixDomainSocketAddress.of(path));
        in = new DataInputStream(Channels.newInputStream(socket));
    }

    void connect() throws IOException {
        send(Frame.Connect.of(Settings.ofMesh()));
        await(Frame.Accept.class);
    }

    void send(Frame frame) throws IOException {
        send(Packet.of(sequence++, frame));
    }

    void sendData(int stream, int length) throws IOException {
        send(new Frame.Data(stream, Bytes.wrap(new byte[length]), false));
    }

    void send(Packet packet) throws IOException {
        byte[] bytes = PacketWriter.write(packet);
        write(ByteBuffer.allocate(5 + bytes.length)
                .putInt(1 + bytes.length)
                .put((byte) LinkWire.GUEST_CALLS)
                .put(bytes)
                .flip());
    }

    void write(String hex) throws IOException {
        write(ByteBuffer.wrap(HexFormat.of().parseHex(hex.replace(" ", ""))));
    }

    /// Reads until a frame of `type` comes.
    <T extends Frame> T await(Class<T> type) throws IOException {
        while (true) {
            byte[] bytes = in.readNBytes(in.readInt());
            for (Frame frame :
                    PacketReader.read(Bytes.wrap(bytes, 1, bytes.length - 1)).frames()) {
                if (type.isInstance(frame)) {
                    return type.cast(frame);
                }
            }
        }
    }

    /// Reads until the host ends the link.
    void awaitEnd() throws IOException {
        try {
            while (true) {
                in.readNBytes(in.readInt());
            }
        } catch (EOFException ended) {
            socket.close();
        } catch (IOException reset) {
            socket.close();
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }

    private void write(ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            socket.write(bytes);
        }
    }
}
