// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.cca.eventlog;

import dev.realmesh.cca.Bytes;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Reads a log that a host may have made up: every length is checked against what is there.
final class EventLogReader {
    private static final int MAX_ALGORITHMS = 8;
    private static final int MAX_DIGEST_BYTES = 64;
    private static final int END = 0;

    private final ByteBuffer log;
    private final Map<Integer, Integer> digestSizes = new LinkedHashMap<>();

    private EventLogReader(byte[] bytes) {
        this.log = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    static EventLog read(byte[] bytes) {
        if (bytes.length > EventLog.MAX_BYTES) {
            throw new EventLogException.Malformed(
                    "%d bytes (expected: at most %d)".formatted(bytes.length, EventLog.MAX_BYTES));
        }
        EventLogReader reader = new EventLogReader(bytes);
        try {
            reader.readHeader();
            return new EventLog(reader.digestSizes, reader.readEvents());
        } catch (BufferUnderflowException e) {
            throw new EventLogException.Malformed(
                    "ends in an event at byte %d (expected: after one)".formatted(reader.log.position()));
        }
    }

    private void readHeader() {
        int register = log.getInt();
        int type = log.getInt();
        take(EventLog.LEGACY_DIGEST_BYTES);
        int end = length(log.getInt(), "first event") + log.position();
        if (register != LogEvent.RIM_REGISTER || type != LogEvent.NO_ACTION) {
            throw new EventLogException.Malformed("begins with another event (expected: Spec ID Event03)");
        }
        if (!Arrays.equals(take(EventLog.SIGNATURE.length), EventLog.SIGNATURE)) {
            throw new EventLogException.Malformed("begins with another signature (expected: Spec ID Event03)");
        }
        take(Integer.BYTES + 4 * Byte.BYTES); // platform class, versions, size of a native integer
        readAlgorithms();
        take(Byte.toUnsignedInt(log.get()));
        if (log.position() != end) {
            throw new EventLogException.Malformed("first event of another length (expected: as it tells)");
        }
    }

    private void readAlgorithms() {
        int count = log.getInt();
        if (count < 1 || count > MAX_ALGORITHMS) {
            throw new EventLogException.Malformed("%d algorithms (expected: 1 to %d)".formatted(count, MAX_ALGORITHMS));
        }
        for (int i = 0; i < count; i++) {
            int algorithm = Short.toUnsignedInt(log.getShort());
            int size = Short.toUnsignedInt(log.getShort());
            if (size < 1 || size > MAX_DIGEST_BYTES || digestSizes.put(algorithm, size) != null) {
                throw new EventLogException.Malformed(
                        "algorithm 0x%x of %d bytes (expected: once, 1 to 64 bytes)".formatted(algorithm, size));
            }
        }
    }

    private List<LogEvent> readEvents() {
        List<LogEvent> events = new ArrayList<>();
        while (log.remaining() >= 2 * Integer.BYTES) {
            int register = log.getInt();
            int type = log.getInt();
            if (type == END) {
                return events;
            }
            List<LogDigest> digests = type == LogEvent.NO_ACTION ? skipDigests() : readDigests();
            byte[] data = take(length(log.getInt(), "event"));
            events.add(new LogEvent(register, type, digests, Bytes.copyOf(data)));
        }
        while (log.hasRemaining()) {
            if (log.get() != 0) {
                throw new BufferUnderflowException();
            }
        }
        return events;
    }

    /// Those of an event that extends nothing are zero; kvmtool gives them no algorithm.
    private List<LogDigest> skipDigests() {
        int count = log.getInt();
        if (count != 0 && count != digestSizes.size()) {
            throw tooMany(count);
        }
        if (count != 0) {
            digestSizes.values().forEach(size -> take(Short.BYTES + size));
        }
        return List.of();
    }

    private List<LogDigest> readDigests() {
        int count = log.getInt();
        if (count < 0 || count > digestSizes.size()) {
            throw tooMany(count);
        }
        List<LogDigest> digests = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            int algorithm = Short.toUnsignedInt(log.getShort());
            Integer size = digestSizes.get(algorithm);
            if (size == null) {
                throw new EventLogException.Malformed(
                        "digest by algorithm 0x%x (expected: one that the log declares)".formatted(algorithm));
            }
            digests.add(new LogDigest(algorithm, Bytes.copyOf(take(size))));
        }
        return digests;
    }

    private EventLogException tooMany(int count) {
        return new EventLogException.Malformed(
                "%d digests (expected: at most %d, as many as algorithms)".formatted(count, digestSizes.size()));
    }

    private int length(int length, String what) {
        if (length < 0 || length > log.remaining()) {
            throw new EventLogException.Malformed("%s of %d bytes (expected: at most the %d that are left)"
                    .formatted(what, Integer.toUnsignedLong(length), log.remaining()));
        }
        return length;
    }

    private byte[] take(int length) {
        byte[] taken = new byte[length];
        log.get(taken);
        return taken;
    }
}
