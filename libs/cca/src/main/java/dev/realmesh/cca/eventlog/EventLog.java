// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.cca.eventlog;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// A log of events.
///
/// @param digestSizes bytes of a digest by the number of its algorithm, in the order in which the log declares them
/// @param events the entries, in order, without the first one, which declares the algorithms
public record EventLog(Map<Integer, Integer> digestSizes, List<LogEvent> events) {
    /// Longest log that is read.
    public static final int MAX_BYTES = 1 << 20;

    static final byte[] SIGNATURE = "Spec ID Event03\0".getBytes(java.nio.charset.StandardCharsets.US_ASCII);
    static final int LEGACY_DIGEST_BYTES = 20;

    public EventLog {
        digestSizes = Collections.unmodifiableMap(new LinkedHashMap<>(digestSizes));
        events = List.copyOf(events);
    }

    /// A log with digests of SHA-256 alone, as kvmtool and QEMU write it.
    public static EventLog sha256(List<LogEvent> events) {
        return new EventLog(Map.of(LogDigest.SHA_256, 32), events);
    }

    /// Reads a log; zero bytes may follow it.
    ///
    /// @throws EventLogException.Malformed if it is none
    public static EventLog read(byte[] bytes) {
        return EventLogReader.read(bytes);
    }

    /// The log in bytes.
    public byte[] encode() {
        return EventLogWriter.write(this);
    }
}
