// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.guestimage;

import dev.realmesh.cca.Bytes;
import dev.realmesh.cca.abi.GeneralRegisters;
import dev.realmesh.cca.abi.IntermediatePhysicalAddress;
import dev.realmesh.cca.abi.PsciFunction;
import dev.realmesh.cca.abi.RealmConfig;
import dev.realmesh.cca.abi.RsiCommand;
import dev.realmesh.cca.abi.SmcConduit;
import dev.realmesh.cca.abi.SmcConduit.Reply;
import dev.realmesh.cca.abi.SmcConduit.Request;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.SplittableRandom;

/// A guest that does what realm-node does with the machine and nothing else: agrees on RSI, reads its configuration and
/// RIM, gets a token in pieces through Realm memory, and switches the Realm off. What it finds it prints.
public final class TestGuest {
    private static final int PAGE = 4096;
    private static final long SUCCESS = 0;
    private static final long INCOMPLETE = 3;
    private static final int PIECE = 1000;

    private final InputStream in;
    private final OutputStream out;
    private final IntermediatePhysicalAddress scratch;

    private TestGuest(SocketChannel conduit, long scratch) {
        this.in = Channels.newInputStream(conduit);
        this.out = Channels.newOutputStream(conduit);
        this.scratch = new IntermediatePhysicalAddress(scratch);
    }

    public static void main(String[] arguments) throws IOException, InterruptedException {
        long scratch = Long.decode(System.getenv("REALM_SCRATCH_IPA"));
        try (SocketChannel conduit = SocketChannel.open(UnixDomainSocketAddress.of("/run/realm/smc.sock"))) {
            new TestGuest(conduit, scratch).live(Files.readString(Path.of("/dev/initdata")));
        }
    }

    private void live(String wish) throws IOException, InterruptedException {
        System.out.println("version "
                + Long.toHexString(call(RsiCommand.VERSION.fid(), 0x1_0000).get(2)));
        call(RsiCommand.REALM_CONFIG.fid(), scratch.value());
        RealmConfig config = RealmConfig.decode(load(0, PAGE));
        System.out.println("rpv " + config.personalizationValue());
        System.out.println("rim " + measurement());
        System.out.println("secret " + storedAndLoaded());
        System.out.println(System.getProperty("java.vm.info").contains("sharing") ? "sharing" : "not sharing");
        System.out.println("token " + token().length);
        switch (wish) {
            case "die" -> System.exit(7);
            case "hang" -> Thread.currentThread().join();
            case "unknown functions" -> floodThenOff();
            case "noise" -> breakConduit(new SplittableRandom(1).longs(4096).toArray());
            case "no such request" -> breakConduit(-1);
            case "half a request" -> {
                out.write(1);
                System.exit(0);
            }
            default -> call(PsciFunction.SYSTEM_OFF.fid());
        }
    }

    private void floodThenOff() throws IOException {
        for (int i = 0; i < 10_000; i++) {
            long status = ask(0x8400_0000L + 0x100 + i, -1, -1, -1).get(0);
            if (status != -1) {
                throw new IOException("unknown function: status " + status);
            }
        }
        System.out.println("flooded");
        call(PsciFunction.SYSTEM_OFF.fid());
    }

    /// Sends what is no request, and waits for the processor to hang up.
    private void breakConduit(long... noise) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(noise.length * Long.BYTES);
        bytes.asLongBuffer().put(noise);
        out.write(bytes.array());
        int answer = in.read();
        System.out.println(answer < 0 ? "hung up" : "answered");
    }

    private String measurement() throws IOException {
        GeneralRegisters result = call(RsiCommand.MEASUREMENT_READ.fid(), 0);
        ByteBuffer value = ByteBuffer.allocate(64).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 1; i <= 8; i++) {
            value.putLong(result.get(i));
        }
        return HexFormat.of().formatHex(value.array());
    }

    private String storedAndLoaded() throws IOException {
        store(128, "kept");
        return new String(load(128, 4), StandardCharsets.UTF_8);
    }

    private byte[] token() throws IOException {
        call(RsiCommand.ATTEST_TOKEN_INIT.fid(), 1, 2, 3, 4, 5, 6, 7, 8);
        ByteArrayOutputStream token = new ByteArrayOutputStream();
        long status = INCOMPLETE;
        while (status == INCOMPLETE) {
            GeneralRegisters piece = ask(RsiCommand.ATTEST_TOKEN_CONTINUE.fid(), scratch.value(), 0, PIECE);
            status = piece.get(0);
            if (piece.get(1) > 0) {
                token.writeBytes(load(0, (int) piece.get(1)));
            }
        }
        require(status);
        return token.toByteArray();
    }

    private byte[] load(long offset, int size) throws IOException {
        SmcConduit.write(out, new Request.Load(scratch.plus(offset), size));
        return ((Reply.Loaded) SmcConduit.readReply(in)).data().toByteArray();
    }

    private GeneralRegisters call(long... registers) throws IOException {
        GeneralRegisters result = ask(registers);
        require(result.get(0));
        return result;
    }

    private GeneralRegisters ask(long... registers) throws IOException {
        SmcConduit.write(out, new Request.Call(GeneralRegisters.of(registers).resized(SmcConduit.REGISTERS)));
        return ((Reply.Returned) SmcConduit.readReply(in)).registers();
    }

    private void store(long offset, String text) throws IOException {
        SmcConduit.write(
                out, new Request.Store(scratch.plus(offset), Bytes.copyOf(text.getBytes(StandardCharsets.UTF_8))));
        if (!(SmcConduit.readReply(in) instanceof Reply.Stored)) {
            throw new IOException("store: not done");
        }
    }

    private static void require(long status) throws IOException {
        if (status != SUCCESS) {
            throw new IOException("RSI: status " + status);
        }
    }
}
