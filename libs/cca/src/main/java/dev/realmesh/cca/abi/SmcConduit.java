// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.cca.abi;

import dev.realmesh.cca.Bytes;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/// The conduit between a guest process and its emulated processor: the guest's SMC calls and its accesses to Realm
/// memory, strictly request and reply, over a local stream.
///
/// A frame is a 32-bit little-endian length of what follows (1 to 4200), an operation byte and a body. A bad frame ends
/// the conduit.
public final class SmcConduit {
    /// Largest length of operation and body.
    public static final int MAX_LENGTH = 4200;
    /// Registers that a call carries, x0 to x17.
    public static final int REGISTERS = 18;

    private static final int SMC = 1;
    private static final int LOAD = 2;
    private static final int STORE = 3;
    private static final int REPLY = 0x80;
    private static final int ABORTED = 0xFF;

    private SmcConduit() {}

    /// What a guest asks of its processor.
    public sealed interface Request {
        /// An SMC instruction with x0 to x17.
        record Call(GeneralRegisters registers) implements Request {}

        /// A read of `size` bytes at `ipa`, inside a page.
        record Load(IntermediatePhysicalAddress ipa, int size) implements Request {
            public Load {
                requireInsidePage(ipa, size);
            }
        }

        /// A write of `data` at `ipa`, inside a page.
        record Store(IntermediatePhysicalAddress ipa, Bytes data) implements Request {
            public Store {
                requireInsidePage(ipa, data.size());
            }
        }
    }

    /// What the processor answers.
    public sealed interface Reply {
        /// The call returned with x0 to x17.
        record Returned(GeneralRegisters registers) implements Reply {}

        /// The bytes that a load read.
        record Loaded(Bytes data) implements Reply {}

        /// A store is done.
        record Stored() implements Reply {}

        /// The access aborted with syndrome `esr`.
        record Aborted(long esr) implements Reply {}
    }

    /// The peer sent what is no frame of the conduit.
    public static final class BadFrameException extends IOException {
        BadFrameException(String message) {
            super("conduit: " + message);
        }
    }

    /// Reads a request; blocks until one is whole.
    ///
    /// @throws BadFrameException if it is malformed
    /// @throws EOFException if the peer is gone
    public static Request readRequest(InputStream in) throws IOException {
        ByteBuffer frame = readFrame(in);
        int operation = Byte.toUnsignedInt(frame.get());
        try {
            return switch (operation) {
                case SMC -> new Request.Call(registers(frame));
                case LOAD -> {
                    require(frame.remaining() == 12, "load of " + frame.remaining() + " bytes (expected: 12)");
                    yield new Request.Load(new IntermediatePhysicalAddress(frame.getLong()), frame.getInt());
                }
                case STORE -> {
                    require(frame.remaining() > 8, "store of " + frame.remaining() + " bytes (expected: > 8)");
                    yield new Request.Store(new IntermediatePhysicalAddress(frame.getLong()), rest(frame));
                }
                default -> throw new BadFrameException("operation " + operation + " (expected: 1-3)");
            };
        } catch (IllegalArgumentException e) {
            throw new BadFrameException(String.valueOf(e.getMessage()));
        }
    }

    /// Reads a reply; blocks until one is whole.
    ///
    /// @throws BadFrameException if it is malformed
    /// @throws EOFException if the peer is gone
    public static Reply readReply(InputStream in) throws IOException {
        ByteBuffer frame = readFrame(in);
        int operation = Byte.toUnsignedInt(frame.get());
        return switch (operation) {
            case REPLY | SMC -> new Reply.Returned(registers(frame));
            case REPLY | LOAD -> new Reply.Loaded(rest(frame));
            case REPLY | STORE -> {
                require(!frame.hasRemaining(), "stored with " + frame.remaining() + " bytes (expected: 0)");
                yield new Reply.Stored();
            }
            case ABORTED -> {
                require(frame.remaining() == 8, "aborted with " + frame.remaining() + " bytes (expected: 8)");
                yield new Reply.Aborted(frame.getLong());
            }
            default -> throw new BadFrameException("reply " + operation + " (expected: 0x81-0x83, 0xff)");
        };
    }

    /// Writes a request.
    public static void write(OutputStream out, Request request) throws IOException {
        ByteBuffer frame = newFrame();
        switch (request) {
            case Request.Call call -> putRegisters(frame.put((byte) SMC), call.registers());
            case Request.Load load ->
                frame.put((byte) LOAD).putLong(load.ipa().value()).putInt(load.size());
            case Request.Store store ->
                frame.put((byte) STORE)
                        .putLong(store.ipa().value())
                        .put(store.data().toByteArray());
        }
        send(out, frame);
    }

    /// Writes a reply.
    public static void write(OutputStream out, Reply reply) throws IOException {
        ByteBuffer frame = newFrame();
        switch (reply) {
            case Reply.Returned returned -> putRegisters(frame.put((byte) (REPLY | SMC)), returned.registers());
            case Reply.Loaded loaded ->
                frame.put((byte) (REPLY | LOAD)).put(loaded.data().toByteArray());
            case Reply.Stored stored -> frame.put((byte) (REPLY | STORE));
            case Reply.Aborted aborted -> frame.put((byte) ABORTED).putLong(aborted.esr());
        }
        send(out, frame);
    }

    private static ByteBuffer newFrame() {
        return ByteBuffer.allocate(4 + MAX_LENGTH)
                .order(ByteOrder.LITTLE_ENDIAN)
                .position(4);
    }

    private static void send(OutputStream out, ByteBuffer frame) throws IOException {
        frame.putInt(0, frame.position() - 4);
        byte[] bytes = new byte[frame.position()];
        frame.get(0, bytes);
        out.write(bytes);
        out.flush();
    }

    private static ByteBuffer readFrame(InputStream in) throws IOException {
        DataInputStream data = new DataInputStream(in);
        int length = Integer.reverseBytes(data.readInt());
        if (length < 1 || length > MAX_LENGTH) {
            throw new BadFrameException("length " + Integer.toUnsignedString(length) + " (expected: 1-4200)");
        }
        byte[] frame = new byte[length];
        data.readFully(frame);
        return ByteBuffer.wrap(frame).order(ByteOrder.LITTLE_ENDIAN);
    }

    private static GeneralRegisters registers(ByteBuffer frame) throws BadFrameException {
        require(frame.remaining() == 8 * REGISTERS, "call of " + frame.remaining() + " bytes (expected: 144)");
        return GeneralRegisters.read(frame, frame.position(), REGISTERS);
    }

    private static void putRegisters(ByteBuffer frame, GeneralRegisters registers) {
        registers.resized(REGISTERS).write(frame, frame.position());
        frame.position(frame.position() + 8 * REGISTERS);
    }

    private static Bytes rest(ByteBuffer frame) throws BadFrameException {
        require(
                frame.remaining() <= IntermediatePhysicalAddress.PAGE_SIZE,
                "data of " + frame.remaining() + " bytes (expected: <= 4096)");
        byte[] data = new byte[frame.remaining()];
        frame.get(data);
        return Bytes.copyOf(data);
    }

    private static void require(boolean holds, String otherwise) throws BadFrameException {
        if (!holds) {
            throw new BadFrameException(otherwise);
        }
    }

    private static void requireInsidePage(IntermediatePhysicalAddress ipa, int size) {
        long offset = ipa.value() & (IntermediatePhysicalAddress.PAGE_SIZE - 1);
        if (size < 1 || offset + size > IntermediatePhysicalAddress.PAGE_SIZE) {
            throw new IllegalArgumentException(
                    "access of " + size + " bytes at offset " + offset + " (expected: inside a page)");
        }
    }
}
