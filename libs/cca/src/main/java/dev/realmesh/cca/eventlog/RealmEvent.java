// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.cca.eventlog;

import dev.realmesh.cca.abi.GeneralRegisters;
import dev.realmesh.cca.abi.RealmFeatures;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;

/// A step of building a Realm as a log tells it: what the events of the RIM's register mean. The structures are packed
/// and little-endian.
public sealed interface RealmEvent {
    /// The monitor tells of itself and of the machine; what it says helps to generate the device tree.
    ///
    /// @param name the monitor's, at most 32 bytes
    /// @param version the monitor's, at most 40 bytes
    /// @param ramBytes the guest's memory
    /// @param vcpus virtual processors
    record Monitor(String name, String version, long ramBytes, int vcpus) implements RealmEvent {}

    /// REALM_CREATE.
    record Created(RealmFeatures features) implements RealmEvent {}

    /// RTT_INIT_RIPAS over a range.
    ///
    /// @param base first IPA
    /// @param size bytes
    record RamInitialized(long base, long size) implements RealmEvent {}

    /// REC_CREATE of a processor that runs at once.
    ///
    /// @param pc where it starts
    /// @param registers x0 to x7
    record RecCreated(long pc, GeneralRegisters registers) implements RealmEvent {}

    /// DATA_CREATE of the pages of an image.
    ///
    /// @param description what it is: `KERNEL`, `INITRD`, `FIRMWARE`, `DTB` or `LOG`
    /// @param base IPA of its first byte
    /// @param size bytes
    /// @param digests what it is known by; none if its bytes were not measured
    record ImageLoaded(String description, long base, long size, List<LogDigest> digests) implements RealmEvent {
        public ImageLoaded {
            digests = List.copyOf(digests);
        }
    }

    /// Description of firmware, which is told by an event of its own.
    String FIRMWARE = "FIRMWARE";

    /// What an event of the RIM's register means.
    ///
    /// @throws EventLogException.Malformed if it is none of building a Realm
    static RealmEvent of(LogEvent event) {
        ByteBuffer data = ByteBuffer.wrap(event.data().toByteArray()).order(ByteOrder.LITTLE_ENDIAN);
        try {
            return switch (event.type()) {
                case LogEvent.NO_ACTION -> RealmEventFormat.readMonitor(data);
                case LogEvent.TAGGED -> RealmEventFormat.readTagged(data);
                case LogEvent.POST_CODE_2, LogEvent.FIRMWARE_BLOB_2 ->
                    RealmEventFormat.readImage(data, event.digests());
                default ->
                    throw new EventLogException.Malformed(
                            "event 0x%x of the RIM (expected: one of building a Realm)".formatted(event.type()));
            };
        } catch (BufferUnderflowException e) {
            throw new EventLogException.Malformed("event 0x%x of %d bytes (expected: more)"
                    .formatted(event.type(), event.data().size()));
        }
    }

    /// This as an event, with digests of SHA-256.
    default LogEvent toEvent() {
        return switch (this) {
            case Monitor monitor -> RealmEventFormat.event(LogEvent.NO_ACTION, RealmEventFormat.write(monitor));
            case Created created -> RealmEventFormat.tagged(RealmEventFormat.write(created));
            case RamInitialized ram -> RealmEventFormat.tagged(RealmEventFormat.write(ram));
            case RecCreated rec -> RealmEventFormat.tagged(RealmEventFormat.write(rec));
            case ImageLoaded image ->
                new LogEvent(
                        LogEvent.RIM_REGISTER,
                        image.description().equals(FIRMWARE) ? LogEvent.FIRMWARE_BLOB_2 : LogEvent.POST_CODE_2,
                        image.digests(),
                        RealmEventFormat.write(image));
        };
    }
}
