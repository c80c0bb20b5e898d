// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.integration.hostile;

import dev.realmesh.cca.Bytes;
import dev.realmesh.cca.abi.GeneralRegisters;
import dev.realmesh.cca.abi.IntermediatePhysicalAddress;
import dev.realmesh.cca.abi.RsiCommand;
import dev.realmesh.cca.abi.SmcConduit;
import dev.realmesh.cca.abi.SmcConduit.Reply;
import dev.realmesh.cca.abi.SmcConduit.Request;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.util.Random;

/// A guest that means ill, by one of these ways. It runs in the guest's Java, so it has the guest's own code at hand.
public final class HostileGuest {
    /// What it prints first.
    public static final String STARTED = "hostile guest started";

    private static final String CONDUIT = "/run/realm/smc.sock";
    private static final String LINK = "/run/realm/link.sock";
    private static final long SEED = 20_261_125;
    private static final int CALLS = 20_000;
    private static final long NOT_SUPPORTED = -1;

    private HostileGuest() {}

    /// The ways.
    public enum Way {
        /// Calls that no specification knows.
        UNKNOWN_CALLS,
        /// Calls of RSI with registers full of noise.
        NOISY_CALLS,
        /// Loads and stores all over and beyond its memory.
        STRAY_ACCESSES,
        /// A frame on the conduit that says it is 2 GiB long.
        LONG_FRAME,
        /// Noise on the conduit.
        CONDUIT_NOISE,
        /// Noise on the link to its host, then nothing.
        LINK_NOISE,
        /// Requests whose answers it never reads.
        UNREAD_ANSWERS,
        /// Nothing at all.
        SILENCE
    }

    public static void main(String[] arguments) throws Exception {
        System.out.println(STARTED);
        Random random = new Random(SEED);
        switch (Way.valueOf(arguments[0])) {
            case UNKNOWN_CALLS -> unknownCalls(random);
            case NOISY_CALLS -> noisyCalls(random);
            case STRAY_ACCESSES -> strayAccesses(random);
            case LONG_FRAME ->
                write(
                        CONDUIT,
                        ByteBuffer.allocate(5)
                                .order(ByteOrder.LITTLE_ENDIAN)
                                .putInt(Integer.MAX_VALUE)
                                .array());
            case CONDUIT_NOISE -> write(CONDUIT, noise(random));
            case LINK_NOISE -> {
                write(LINK, noise(random));
                Thread.sleep(Long.MAX_VALUE);
            }
            case UNREAD_ANSWERS -> unreadAnswers();
            case SILENCE -> Thread.sleep(Long.MAX_VALUE);
        }
    }

    private static void unknownCalls(Random random) throws IOException {
        try (SocketChannel socket = connect(CONDUIT)) {
            InputStream in = new BufferedInputStream(Channels.newInputStream(socket));
            for (int i = 0; i < CALLS; i++) {
                long function = 0xC600_0000L | random.nextInt(1 << 16);
                GeneralRegisters answer = call(socket, in, registers(random).with(0, function));
                if (answer.get(0) != NOT_SUPPORTED) {
                    System.out.println("hostile: 0x%x answered %d".formatted(function, answer.get(0)));
                }
            }
        }
    }

    private static void noisyCalls(Random random) throws IOException {
        RsiCommand[] commands = RsiCommand.values();
        try (SocketChannel socket = connect(CONDUIT)) {
            InputStream in = new BufferedInputStream(Channels.newInputStream(socket));
            for (int i = 0; i < CALLS; i++) {
                long function = commands[random.nextInt(commands.length)].fid();
                call(socket, in, registers(random).with(0, function));
            }
        }
    }

    private static void strayAccesses(Random random) throws IOException {
        try (SocketChannel socket = connect(CONDUIT)) {
            InputStream in = new BufferedInputStream(Channels.newInputStream(socket));
            OutputStream out = Channels.newOutputStream(socket);
            for (int i = 0; i < CALLS; i++) {
                IntermediatePhysicalAddress ipa =
                        new IntermediatePhysicalAddress((random.nextLong() & ((1L << 42) - 1)) & -8L);
                SmcConduit.write(
                        out,
                        random.nextBoolean()
                                ? new Request.Load(ipa, 8)
                                : new Request.Store(ipa, Bytes.copyOf(new byte[8])));
                SmcConduit.readReply(in);
            }
        }
    }

    private static void unreadAnswers() throws IOException {
        try (SocketChannel socket = connect(CONDUIT)) {
            OutputStream out = Channels.newOutputStream(socket);
            while (true) {
                SmcConduit.write(out, new Request.Call(GeneralRegisters.of(RsiCommand.VERSION.fid())));
            }
        }
    }

    private static GeneralRegisters call(SocketChannel socket, InputStream in, GeneralRegisters registers)
            throws IOException {
        SmcConduit.write(Channels.newOutputStream(socket), new Request.Call(registers));
        Reply reply = SmcConduit.readReply(in);
        if (reply instanceof Reply.Returned returned) {
            return returned.registers();
        }
        throw new IOException("answer to a call: " + reply);
    }

    private static GeneralRegisters registers(Random random) {
        return GeneralRegisters.of(random.longs(SmcConduit.REGISTERS).toArray());
    }

    private static byte[] noise(Random random) {
        byte[] bytes = new byte[1 << 20];
        random.nextBytes(bytes);
        return bytes;
    }

    private static void write(String path, byte[] bytes) throws IOException {
        try (SocketChannel socket = connect(path)) {
            Channels.newOutputStream(socket).write(bytes);
            socket.read(ByteBuffer.allocate(1));
        } catch (IOException e) {
            System.out.println("hostile: " + e.getMessage());
        }
    }

    private static SocketChannel connect(String path) throws IOException {
        return SocketChannel.open(UnixDomainSocketAddress.of(path));
    }
}
