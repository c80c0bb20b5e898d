// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.realm.rsi;

import dev.realmesh.cca.Bytes;
import dev.realmesh.cca.RealmPersonalizationValue;
import dev.realmesh.cca.abi.GeneralRegisters;
import dev.realmesh.cca.abi.HashAlgorithm;
import dev.realmesh.cca.abi.IntermediatePhysicalAddress;
import dev.realmesh.cca.abi.PsciFunction;
import dev.realmesh.cca.abi.RealmConfig;
import dev.realmesh.cca.abi.RsiCommand;
import dev.realmesh.cca.abi.RsiStatus;
import dev.realmesh.cca.abi.SmcConduit;
import dev.realmesh.cca.abi.SmcConduit.Reply;
import dev.realmesh.cca.abi.SmcConduit.Request;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.UnaryOperator;

/// A processor and its monitor for one Realm: RSI 1.0 over the real conduit, with answers that a test may bend. It
/// stands
/// for the silicon; the real monitor is host-node's.
public final class ScriptedProcessor implements AutoCloseable {
    /// The page that the Realm may use.
    public static final IntermediatePhysicalAddress SCRATCH = new IntermediatePhysicalAddress(0x8fff_f000L);

    private final ServerSocketChannel server;
    private final Path path;
    private final byte[] page = new byte[IntermediatePhysicalAddress.PAGE_SIZE];
    private final byte[][] measurements = new byte[5][32];
    private final Map<RsiCommand, UnaryOperator<GeneralRegisters>> bent = new EnumMap<>(RsiCommand.class);
    private final List<Long> turnedOn = new ArrayList<>();
    private final CompletableFuture<Void> poweredOff = new CompletableFuture<>();
    private byte[] personalizationValue = new byte[64];
    private byte[] token = new byte[2200];
    private byte[] challenge = new byte[0];
    private int pieceSize = IntermediatePhysicalAddress.PAGE_SIZE;
    private int given = -1;

    private ScriptedProcessor(ServerSocketChannel server, Path path) {
        this.server = server;
        this.path = path;
    }

    public static ScriptedProcessor at(Path socket) throws IOException {
        ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        server.bind(UnixDomainSocketAddress.of(socket));
        ScriptedProcessor processor = new ScriptedProcessor(server, socket);
        Thread.ofPlatform().daemon().name("processor").start(processor::acceptAll);
        return processor;
    }

    public RsiClient client() {
        return new RsiClient(Conduit.connect(path), SCRATCH);
    }

    public synchronized ScriptedProcessor personalisedWith(byte[] rpv) {
        personalizationValue = rpv.clone();
        return this;
    }

    public synchronized ScriptedProcessor signing(byte[] token, int pieceSize) {
        this.token = token.clone();
        this.pieceSize = pieceSize;
        return this;
    }

    public synchronized ScriptedProcessor bending(RsiCommand command, UnaryOperator<GeneralRegisters> answer) {
        bent.put(command, answer);
        return this;
    }

    public synchronized byte[] challenge() {
        return challenge.clone();
    }

    public synchronized byte[] measurement(MeasurementRegister register) {
        return measurements[register.index()].clone();
    }

    /// MPIDRs that the Realm turned on.
    public synchronized List<Long> turnedOn() {
        return List.copyOf(turnedOn);
    }

    /// Completes when the Realm powers off.
    public CompletableFuture<Void> poweredOff() {
        return poweredOff;
    }

    @Override
    public void close() throws IOException {
        server.close();
    }

    private void acceptAll() {
        try {
            while (true) {
                SocketChannel guest = server.accept();
                Thread.ofPlatform().daemon().name("processor-core").start(() -> serve(guest));
            }
        } catch (IOException closed) {
            // The test is over.
        }
    }

    private void serve(SocketChannel guest) {
        try (guest) {
            InputStream in = new BufferedInputStream(Channels.newInputStream(guest));
            OutputStream out = Channels.newOutputStream(guest);
            while (!poweredOff.isDone()) {
                Reply reply = reply(SmcConduit.readRequest(in));
                if (!poweredOff.isDone()) {
                    SmcConduit.write(out, reply);
                }
            }
        } catch (IOException ended) {
            // The Realm left its processor.
        }
    }

    private synchronized Reply reply(Request request) {
        return switch (request) {
            case Request.Call call -> new Reply.Returned(call(call.registers()));
            case Request.Load load -> load(load.ipa().value() - SCRATCH.value(), load.size());
            case Request.Store ignored -> new Reply.Aborted(0x9200_0050L);
        };
    }

    private Reply load(long offset, int size) {
        return offset < 0 || offset >= page.length
                ? new Reply.Aborted(0x9200_0010L)
                : new Reply.Loaded(Bytes.copyOf(Arrays.copyOfRange(page, (int) offset, (int) offset + size)));
    }

    private GeneralRegisters call(GeneralRegisters registers) {
        if (registers.get(0) == PsciFunction.SYSTEM_OFF.fid()) {
            poweredOff.complete(null);
            return GeneralRegisters.zero(SmcConduit.REGISTERS);
        }
        if (registers.get(0) == PsciFunction.CPU_ON.fid()) {
            turnedOn.add(registers.get(1));
            return GeneralRegisters.zero(SmcConduit.REGISTERS);
        }
        RsiCommand command = RsiCommand.of(registers.get(0)).orElseThrow();
        GeneralRegisters answer = switch (command) {
            case VERSION -> answer(RsiStatus.SUCCESS, RsiCommand.VERSION_1_0, RsiCommand.VERSION_1_0);
            case REALM_CONFIG -> realmConfig();
            case MEASUREMENT_READ -> measurementRead((int) registers.get(1));
            case MEASUREMENT_EXTEND -> measurementExtend(registers);
            case ATTEST_TOKEN_INIT -> tokenInit(registers);
            case ATTEST_TOKEN_CONTINUE -> tokenContinue((int) registers.get(3));
            default -> answer(RsiStatus.ERROR_INPUT);
        };
        return bent.getOrDefault(command, UnaryOperator.identity()).apply(answer);
    }

    private GeneralRegisters realmConfig() {
        RealmConfig config =
                new RealmConfig(33, HashAlgorithm.SHA_256, RealmPersonalizationValue.of(personalizationValue));
        System.arraycopy(config.encode(), 0, page, 0, page.length);
        return answer(RsiStatus.SUCCESS);
    }

    private GeneralRegisters measurementRead(int index) {
        ByteBuffer value =
                ByteBuffer.wrap(Arrays.copyOf(measurements[index], 64)).order(ByteOrder.LITTLE_ENDIAN);
        long[] words = new long[8];
        value.asLongBuffer().get(words);
        return answer(RsiStatus.SUCCESS, words);
    }

    private GeneralRegisters measurementExtend(GeneralRegisters registers) {
        int index = (int) registers.get(1);
        measurements[index] = sha256(measurements[index], bytes(registers, 3, (int) registers.get(2)));
        return answer(RsiStatus.SUCCESS);
    }

    private GeneralRegisters tokenInit(GeneralRegisters registers) {
        challenge = bytes(registers, 1, 64);
        given = 0;
        return answer(RsiStatus.SUCCESS, IntermediatePhysicalAddress.PAGE_SIZE);
    }

    private GeneralRegisters tokenContinue(int size) {
        if (given < 0) {
            return answer(RsiStatus.ERROR_STATE);
        }
        int piece = Math.min(Math.min(size, pieceSize), token.length - given);
        System.arraycopy(token, given, page, 0, piece);
        given += piece;
        boolean whole = given == token.length;
        given = whole ? -1 : given;
        return answer(whole ? RsiStatus.SUCCESS : RsiStatus.INCOMPLETE, piece);
    }

    private static GeneralRegisters answer(RsiStatus status, long... results) {
        long[] registers = new long[SmcConduit.REGISTERS];
        registers[0] = status.code();
        System.arraycopy(results, 0, registers, 1, results.length);
        return GeneralRegisters.of(registers);
    }

    private static byte[] bytes(GeneralRegisters registers, int from, int size) {
        ByteBuffer bytes = ByteBuffer.allocate(64).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < 8; i++) {
            bytes.putLong(registers.get(from + i));
        }
        return Arrays.copyOf(bytes.array(), size);
    }

    private static byte[] sha256(byte[] first, byte[] second) {
        try {
            MessageDigest hash = MessageDigest.getInstance("SHA-256");
            hash.update(first);
            return hash.digest(second);
        } catch (NoSuchAlgorithmException e) {
            throw new UncheckedIOException(new IOException(e));
        }
    }
}
