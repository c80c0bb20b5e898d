// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.cca.eventlog;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Map;

/// Writes a log.
final class EventLogWriter {
    private static final int PLATFORM_CLASS_CLIENT = 0;
    private static final byte VERSION_MINOR = 0;
    private static final byte VERSION_MAJOR = 2;
    private static final byte REVISION = 106;
    private static final byte NATIVE_INTEGERS_OF_64_BITS = 2;
    private static final int SPEC_ID_BYTES = 29;
    private static final int ALGORITHM_BYTES = 4;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    private EventLogWriter() {}

    static byte[] write(EventLog log) {
        EventLogWriter writer = new EventLogWriter();
        writer.header(log.digestSizes());
        log.events().forEach(event -> writer.event(event, log.digestSizes()));
        return writer.out.toByteArray();
    }

    private void header(Map<Integer, Integer> digestSizes) {
        u32(LogEvent.RIM_REGISTER);
        u32(LogEvent.NO_ACTION);
        out.writeBytes(new byte[EventLog.LEGACY_DIGEST_BYTES]);
        u32(SPEC_ID_BYTES + ALGORITHM_BYTES * digestSizes.size());
        out.writeBytes(EventLog.SIGNATURE);
        u32(PLATFORM_CLASS_CLIENT);
        out.writeBytes(new byte[] {VERSION_MINOR, VERSION_MAJOR, REVISION, NATIVE_INTEGERS_OF_64_BITS});
        u32(digestSizes.size());
        digestSizes.forEach((algorithm, size) -> {
            u16(algorithm);
            u16(size);
        });
        out.write(0); // no vendor information
    }

    private void event(LogEvent event, Map<Integer, Integer> digestSizes) {
        u32(event.register());
        u32(event.type());
        if (event.type() == LogEvent.NO_ACTION) {
            u32(digestSizes.size());
            digestSizes.forEach((algorithm, size) -> {
                u16(algorithm);
                out.writeBytes(new byte[size]);
            });
        } else {
            u32(event.digests().size());
            event.digests().forEach(digest -> {
                u16(digest.algorithm());
                out.writeBytes(digest.value().toByteArray());
            });
        }
        u32(event.data().size());
        out.writeBytes(event.data().toByteArray());
    }

    private void u16(int value) {
        out.writeBytes(ByteBuffer.allocate(Short.BYTES)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putShort((short) value)
                .array());
    }

    private void u32(int value) {
        out.writeBytes(ByteBuffer.allocate(Integer.BYTES)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt(value)
                .array());
    }
}
