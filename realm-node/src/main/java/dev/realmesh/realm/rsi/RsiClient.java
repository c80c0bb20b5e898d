// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.realm.rsi;

import dev.realmesh.cca.Bytes;
import dev.realmesh.cca.Digest;
import dev.realmesh.cca.abi.GeneralRegisters;
import dev.realmesh.cca.abi.IntermediatePhysicalAddress;
import dev.realmesh.cca.abi.RealmConfig;
import dev.realmesh.cca.abi.RsiCommand;
import dev.realmesh.cca.abi.RsiStatus;
import dev.realmesh.cca.abi.SmcConduit;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.concurrent.locks.ReentrantLock;

/// The Realm Services Interface 1.0 as a program in the Realm calls it. Thread-safe; a command that goes through the
/// scratch
/// page, or through several calls, keeps others out until it is done.
public final class RsiClient {
    /// Length of an attestation challenge, in bytes.
    public static final int CHALLENGE_LENGTH = 64;

    private static final int MAX_TOKEN_BYTES = 64 * 1024;
    private static final int MAX_CONTINUE_CALLS = 4096;
    private static final int MAX_EXTENSION_BYTES = 64;

    private final Conduit conduit;
    private final IntermediatePhysicalAddress scratch;
    private final ReentrantLock lock = new ReentrantLock();

    /// The interface as this Realm's processor offers it.
    ///
    /// @param scratch a page of Realm memory that nothing else uses
    public RsiClient(Conduit conduit, IntermediatePhysicalAddress scratch) {
        this.conduit = conduit;
        this.scratch = scratch;
    }

    /// RSI_VERSION: agrees on version 1.0.
    ///
    /// @throws RsiException.Refused if the monitor does not speak it
    public void requireVersion() {
        call(RsiCommand.VERSION, RsiCommand.VERSION_1_0);
    }

    /// RSI_REALM_CONFIG: what the Realm is, and what it was personalised with.
    public RealmConfig realmConfig() {
        lock.lock();
        try {
            call(RsiCommand.REALM_CONFIG, scratch.value());
            byte[] page =
                    conduit.load(scratch, IntermediatePhysicalAddress.PAGE_SIZE).toByteArray();
            return RealmConfig.decode(page);
        } catch (IllegalArgumentException e) {
            throw new RsiException.Malformed("RSI_REALM_CONFIG", String.valueOf(e.getMessage()));
        } finally {
            lock.unlock();
        }
    }

    /// RSI_MEASUREMENT_READ.
    ///
    /// @return as many bytes as the Realm's hash algorithm makes
    public Digest measurement(MeasurementRegister register) {
        int size = realmConfig().hashAlgorithm().digestSize();
        GeneralRegisters returned = call(RsiCommand.MEASUREMENT_READ, register.index());
        ByteBuffer value = ByteBuffer.allocate(64).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 1; i <= 8; i++) {
            value.putLong(returned.get(i));
        }
        return Digest.copyOf(Arrays.copyOf(value.array(), size));
    }

    /// RSI_MEASUREMENT_EXTEND: the register becomes the hash of what it is and `value`.
    ///
    /// @param register not the RIM
    /// @param value at most 64 bytes
    public void extendMeasurement(MeasurementRegister register, Bytes value) {
        if (register == MeasurementRegister.RIM || value.size() > MAX_EXTENSION_BYTES) {
            throw new IllegalArgumentException(register + " by " + value.size() + " bytes (expected: a REM, at most "
                    + MAX_EXTENSION_BYTES + " bytes)");
        }
        long[] arguments = new long[2 + 8];
        arguments[0] = register.index();
        arguments[1] = value.size();
        words(value.toByteArray(), arguments, 2);
        call(RsiCommand.MEASUREMENT_EXTEND, arguments);
    }

    /// RSI_ATTESTATION_TOKEN_INIT, then RSI_ATTESTATION_TOKEN_CONTINUE until the token is whole.
    ///
    /// @param challenge 64 bytes
    /// @return the CCA token, at most 64 KiB
    public byte[] attestationToken(byte[] challenge) {
        if (challenge.length != CHALLENGE_LENGTH) {
            throw new IllegalArgumentException(
                    "challenge: " + challenge.length + " bytes (expected: " + CHALLENGE_LENGTH + ")");
        }
        long[] arguments = new long[8];
        words(challenge, arguments, 0);
        lock.lock();
        try {
            call(RsiCommand.ATTEST_TOKEN_INIT, arguments);
            return remainingToken();
        } finally {
            lock.unlock();
        }
    }

    private byte[] remainingToken() {
        ByteArrayOutputStream token = new ByteArrayOutputStream();
        for (int calls = 0; calls < MAX_CONTINUE_CALLS; calls++) {
            GeneralRegisters returned =
                    call(RsiCommand.ATTEST_TOKEN_CONTINUE, scratch.value(), 0, IntermediatePhysicalAddress.PAGE_SIZE);
            long written = returned.get(1);
            if (written < 0
                    || written > IntermediatePhysicalAddress.PAGE_SIZE
                    || token.size() + written > MAX_TOKEN_BYTES) {
                throw new RsiException.Malformed(
                        "RSI_ATTESTATION_TOKEN_CONTINUE",
                        "wrote " + written + " bytes after " + token.size() + " (expected: a page at most, "
                                + MAX_TOKEN_BYTES + " in all)");
            }
            if (written > 0) {
                token.writeBytes(conduit.load(scratch, (int) written).toByteArray());
            }
            if (status(returned) == RsiStatus.SUCCESS) {
                return token.toByteArray();
            }
        }
        throw new RsiException.Malformed(
                "RSI_ATTESTATION_TOKEN_CONTINUE", "not done after " + MAX_CONTINUE_CALLS + " calls");
    }

    private GeneralRegisters call(RsiCommand command, long... arguments) {
        long[] registers = new long[SmcConduit.REGISTERS];
        registers[0] = command.fid();
        System.arraycopy(arguments, 0, registers, 1, arguments.length);
        GeneralRegisters returned = conduit.call(GeneralRegisters.of(registers));
        RsiStatus status = status(returned);
        boolean unfinished = command == RsiCommand.ATTEST_TOKEN_CONTINUE && status == RsiStatus.INCOMPLETE;
        if (status != RsiStatus.SUCCESS && !unfinished) {
            throw new RsiException.Refused("RSI_" + command, status.toString());
        }
        return returned;
    }

    private static RsiStatus status(GeneralRegisters returned) {
        try {
            return RsiStatus.of(returned.get(0));
        } catch (IllegalArgumentException e) {
            throw new RsiException.Malformed("RSI", String.valueOf(e.getMessage()));
        }
    }

    /// Bytes as the registers that hold them, little-endian, the last one padded with zeros.
    private static void words(byte[] bytes, long[] registers, int from) {
        ByteBuffer source =
                ByteBuffer.wrap(Arrays.copyOf(bytes, (bytes.length + 7) & ~7)).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = from; source.hasRemaining(); i++) {
            registers[i] = source.getLong();
        }
    }
}
