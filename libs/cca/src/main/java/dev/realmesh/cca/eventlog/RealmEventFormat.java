// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.cca.eventlog;

import dev.realmesh.cca.Bytes;
import dev.realmesh.cca.abi.GeneralRegisters;
import dev.realmesh.cca.abi.HashAlgorithm;
import dev.realmesh.cca.abi.RealmFeatures;
import dev.realmesh.cca.abi.RecParams;
import dev.realmesh.cca.eventlog.RealmEvent.Created;
import dev.realmesh.cca.eventlog.RealmEvent.ImageLoaded;
import dev.realmesh.cca.eventlog.RealmEvent.Monitor;
import dev.realmesh.cca.eventlog.RealmEvent.RamInitialized;
import dev.realmesh.cca.eventlog.RealmEvent.RecCreated;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.List;

/// The data of events that tell how a Realm was built.
final class RealmEventFormat {
    private static final byte[] VM_VERSION = "VM VERSION\0\0\0\0\0\0".getBytes(StandardCharsets.US_ASCII);
    private static final int NAME_BYTES = 32;
    private static final int VERSION_BYTES = 40;
    private static final int MONITOR_BYTES = 16 + NAME_BYTES + VERSION_BYTES + 8 + 4 + 8;
    private static final int TAG_CREATED = 1;
    private static final int TAG_RAM = 2;
    private static final int TAG_REC = 3;
    private static final int CREATED_BYTES = 14;
    private static final int RAM_BYTES = 16;
    private static final int REC_BYTES = 80;

    private RealmEventFormat() {}

    static Bytes write(Monitor monitor) {
        ByteBuffer data = buffer(MONITOR_BYTES).put(VM_VERSION);
        data.put(Arrays.copyOf(monitor.name().getBytes(StandardCharsets.UTF_8), NAME_BYTES));
        data.put(Arrays.copyOf(monitor.version().getBytes(StandardCharsets.UTF_8), VERSION_BYTES));
        data.putLong(monitor.ramBytes()).putInt(monitor.vcpus()).putLong(0);
        return written(data);
    }

    static Monitor readMonitor(ByteBuffer data) {
        if (!Arrays.equals(take(data, VM_VERSION.length), VM_VERSION)) {
            throw new EventLogException.Malformed("event without action of another signature (expected: VM VERSION)");
        }
        String name = text(take(data, NAME_BYTES));
        String version = text(take(data, VERSION_BYTES));
        return new Monitor(name, version, data.getLong(), data.getInt());
    }

    static Bytes write(Created created) {
        RealmFeatures features = created.features();
        return Bytes.copyOf(tag(TAG_CREATED, CREATED_BYTES)
                .putLong(features.flags())
                .put((byte) features.s2sz())
                .put((byte) features.sveVl())
                .put((byte) features.numBps())
                .put((byte) features.numWps())
                .put((byte) features.pmuNumCtrs())
                .put((byte) features.hashAlgo())
                .array());
    }

    static Bytes write(RamInitialized ram) {
        return Bytes.copyOf(
                tag(TAG_RAM, RAM_BYTES).putLong(ram.base()).putLong(ram.size()).array());
    }

    static Bytes write(RecCreated rec) {
        ByteBuffer data = tag(TAG_REC, REC_BYTES);
        data.putLong(RecParams.FLAG_RUNNABLE).putLong(rec.pc());
        rec.registers().write(data, data.position());
        return written(data);
    }

    private static Bytes written(ByteBuffer data) {
        byte[] bytes = new byte[data.capacity()];
        data.rewind().get(bytes);
        return Bytes.copyOf(bytes);
    }

    private static ByteBuffer tag(int tag, int size) {
        return buffer(2 * Integer.BYTES + size).putInt(tag).putInt(size);
    }

    static RealmEvent readTagged(ByteBuffer data) {
        int tag = data.getInt();
        int size = data.getInt();
        if (size < 0 || size > data.remaining()) {
            throw new EventLogException.Malformed("tagged event of %d bytes (expected: at most the %d that are there)"
                    .formatted(Integer.toUnsignedLong(size), data.remaining()));
        }
        ByteBuffer content = data.slice(data.position(), size).order(ByteOrder.LITTLE_ENDIAN);
        return switch (tag) {
            case TAG_CREATED -> new Created(readFeatures(content));
            case TAG_RAM -> new RamInitialized(content.getLong(), content.getLong());
            case TAG_REC -> readRec(content);
            default -> throw new EventLogException.Malformed("tag %d (expected: 1 to 3)".formatted(tag));
        };
    }

    /// kvmtool tells lengths and counters of what is off, too; the RMM is not given them.
    private static RealmFeatures readFeatures(ByteBuffer data) {
        long flags = data.getLong();
        int s2sz = Byte.toUnsignedInt(data.get());
        int sveVl = Byte.toUnsignedInt(data.get());
        int numBps = Byte.toUnsignedInt(data.get());
        int numWps = Byte.toUnsignedInt(data.get());
        int pmuNumCtrs = Byte.toUnsignedInt(data.get());
        int hashAlgo = Byte.toUnsignedInt(data.get());
        if (HashAlgorithm.of(hashAlgo).isEmpty()) {
            throw new EventLogException.Malformed("hash algorithm %d (expected: 0 or 1)".formatted(hashAlgo));
        }
        return new RealmFeatures(
                flags,
                s2sz,
                (flags & RealmFeatures.FLAG_SVE) == 0 ? 0 : sveVl,
                numBps,
                numWps,
                (flags & RealmFeatures.FLAG_PMU) == 0 ? 0 : pmuNumCtrs,
                hashAlgo);
    }

    private static RecCreated readRec(ByteBuffer data) {
        long flags = data.getLong();
        if (flags != RecParams.FLAG_RUNNABLE) {
            throw new EventLogException.Malformed("processor with flags 0x%x (expected: 1, runnable)".formatted(flags));
        }
        long pc = data.getLong();
        long[] registers = new long[RecParams.REGISTERS];
        for (int i = 0; i < registers.length; i++) {
            registers[i] = data.getLong();
        }
        return new RecCreated(pc, GeneralRegisters.of(registers));
    }

    static Bytes write(ImageLoaded image) {
        byte[] description = image.description().getBytes(StandardCharsets.US_ASCII);
        return Bytes.copyOf(buffer(1 + description.length + 2 * Long.BYTES)
                .put((byte) description.length)
                .put(description)
                .putLong(image.base())
                .putLong(image.size())
                .array());
    }

    static ImageLoaded readImage(ByteBuffer data, List<LogDigest> digests) {
        String description = text(take(data, Byte.toUnsignedInt(data.get())));
        return new ImageLoaded(description, data.getLong(), data.getLong(), digests);
    }

    /// An event whose digest is that of its data.
    static LogEvent tagged(Bytes data) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(data.toByteArray());
            return new LogEvent(
                    LogEvent.RIM_REGISTER,
                    LogEvent.TAGGED,
                    List.of(new LogDigest(LogDigest.SHA_256, Bytes.copyOf(digest))),
                    data);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has it", e);
        }
    }

    static LogEvent event(int type, Bytes data) {
        return new LogEvent(LogEvent.RIM_REGISTER, type, List.of(), data);
    }

    private static ByteBuffer buffer(int size) {
        return ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
    }

    private static byte[] take(ByteBuffer data, int length) {
        byte[] taken = new byte[length];
        data.get(taken);
        return taken;
    }

    /// Up to the first NUL; what is no text is shown as such.
    private static String text(byte[] bytes) {
        int length = 0;
        while (length < bytes.length && bytes[length] != 0) {
            length++;
        }
        return new String(bytes, 0, length, StandardCharsets.UTF_8);
    }
}
