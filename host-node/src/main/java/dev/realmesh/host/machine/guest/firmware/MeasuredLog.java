// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.host.machine.guest.firmware;

import dev.realmesh.cca.Bytes;
import dev.realmesh.cca.abi.HashAlgorithm;
import dev.realmesh.cca.eventlog.EventLog;
import dev.realmesh.cca.eventlog.EventLogException;
import dev.realmesh.cca.eventlog.LogDigest;
import dev.realmesh.cca.eventlog.LogEvent;
import dev.realmesh.cca.eventlog.RealmEvent.ImageLoaded;
import dev.realmesh.host.machine.guest.GuestException;
import dev.realmesh.host.machine.guest.firmware.BootDeviceTree.Range;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// The log of events that the monitor began, and firmware goes on with. The log itself is not measured: whoever made it
/// up cannot make it replay to the measurements of the evidence.
final class MeasuredLog {
    /// The register of a TPM that stands for REM\[0] (UEFI 2.10, 38.4.1).
    private static final int REM_0 = 1;

    private final FirmwareCore core;
    private final Range place;
    private final Map<Integer, Integer> digestSizes;
    private final List<LogEvent> events;

    private MeasuredLog(FirmwareCore core, Range place, Map<Integer, Integer> digestSizes, List<LogEvent> events) {
        this.core = core;
        this.place = place;
        this.digestSizes = digestSizes;
        this.events = events;
    }

    /// Reads the log at `place`; it declares `algorithm`, the Realm's, from now on.
    ///
    /// @throws GuestException.BadFirmware if there is none
    static MeasuredLog load(FirmwareCore core, Range place, HashAlgorithm algorithm) {
        if (place.size() > EventLog.MAX_BYTES) {
            throw new GuestException.BadFirmware(
                    "event log: %d bytes (expected: at most %d)".formatted(place.size(), EventLog.MAX_BYTES));
        }
        try {
            EventLog log = EventLog.read(core.load(place.base(), (int) place.size()));
            Map<Integer, Integer> digestSizes = new LinkedHashMap<>(log.digestSizes());
            digestSizes.putIfAbsent(number(algorithm), algorithm.digestSize());
            return new MeasuredLog(core, place, digestSizes, new ArrayList<>(log.events()));
        } catch (EventLogException e) {
            throw new GuestException.BadFirmware(String.valueOf(e.getMessage()));
        }
    }

    /// Adds that REM\[0] was extended with the digest of an image that is at `at`.
    void measured(String title, Range at, HashAlgorithm algorithm, byte[] digest) {
        List<LogDigest> digests = List.of(new LogDigest(number(algorithm), Bytes.copyOf(digest)));
        ImageLoaded image = new ImageLoaded(title, at.base(), at.size(), digests);
        events.add(new LogEvent(
                REM_0, LogEvent.POST_CODE_2, digests, image.toEvent().data()));
    }

    /// Writes the log back.
    ///
    /// @throws GuestException.BadFirmware if there is no room for it
    void store() {
        byte[] log = new EventLog(digestSizes, events).encode();
        if (log.length > place.size()) {
            throw new GuestException.BadFirmware(
                    "event log: %d bytes (expected: at most %d, as there is room)".formatted(log.length, place.size()));
        }
        core.store(place.base(), log, log.length);
    }

    private static int number(HashAlgorithm algorithm) {
        return algorithm == HashAlgorithm.SHA_256 ? LogDigest.SHA_256 : LogDigest.SHA_512;
    }
}
