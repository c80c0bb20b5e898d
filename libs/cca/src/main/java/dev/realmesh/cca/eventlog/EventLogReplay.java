// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.cca.eventlog;

import dev.realmesh.cca.Bytes;
import dev.realmesh.cca.Digest;
import dev.realmesh.cca.abi.HashAlgorithm;
import dev.realmesh.cca.abi.IntermediatePhysicalAddress;
import dev.realmesh.cca.abi.RecParams;
import dev.realmesh.cca.abi.RttGeometry;
import dev.realmesh.cca.eventlog.RealmEvent.Created;
import dev.realmesh.cca.eventlog.RealmEvent.ImageLoaded;
import dev.realmesh.cca.eventlog.RealmEvent.Monitor;
import dev.realmesh.cca.eventlog.RealmEvent.RamInitialized;
import dev.realmesh.cca.eventlog.RealmEvent.RecCreated;
import dev.realmesh.cca.measurement.PageSource;
import dev.realmesh.cca.measurement.RealmExtensibleMeasurement;
import dev.realmesh.cca.measurement.RealmInitialMeasurement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/// Does again what a log tells, and comes to the measurements that a Realm of it has. A verifier that holds reference
/// images compares them to those of the evidence.
public final class EventLogReplay {
    /// Most bytes that a log may load: a host that made it up shall not keep its verifier busy.
    private static final long MAX_LOADED_BYTES = 4L << 30;

    private final Map<Bytes, PageSource> images;
    private final RttGeometry geometry;
    private final RealmInitialMeasurement rim;
    private long loadedBytes;

    private EventLogReplay(Created created, Map<Bytes, PageSource> images) {
        this.images = images;
        this.geometry = new RttGeometry(created.features().s2sz());
        this.rim = new RealmInitialMeasurement(created.features());
    }

    /// The RIM of a Realm that was built as `log` tells.
    ///
    /// @param images the reference images, by their digest
    /// @throws EventLogException if the log does not tell all of it, or of an image that is none of those
    public static Digest rim(EventLog log, Map<Bytes, PageSource> images) {
        List<RealmEvent> events = log.events().stream()
                .filter(event -> event.register() == LogEvent.RIM_REGISTER)
                .map(RealmEvent::of)
                .filter(event -> !(event instanceof Monitor))
                .toList();
        if (events.isEmpty() || !(events.getFirst() instanceof Created created)) {
            throw new EventLogException.Incomplete("no Realm is created (expected: before all else)");
        }
        EventLogReplay replay = new EventLogReplay(checked(created), images);
        events.stream().skip(1).forEach(replay::carryOut);
        return replay.rim.value();
    }

    private static Created checked(Created created) {
        int bits = created.features().s2sz();
        if (bits < 32 || bits > 52) {
            throw new EventLogException.Malformed("%d IPA bits (expected: 32 to 52)".formatted(bits));
        }
        return created;
    }

    /// The REMs of a Realm that extended them as `log` tells, REM 0 first.
    ///
    /// @param algorithm the Realm's; an event that has several digests extends by that of it, else by the first
    public static List<Digest> registers(EventLog log, HashAlgorithm algorithm) {
        List<RealmExtensibleMeasurement> registers =
                new ArrayList<>(Stream.generate(() -> RealmExtensibleMeasurement.initial(algorithm))
                        .limit(RealmExtensibleMeasurement.COUNT)
                        .toList());
        for (LogEvent event : log.events()) {
            event.realmRegister()
                    .ifPresent(index -> digest(event, algorithm)
                            .ifPresent(digest -> registers.set(
                                    index,
                                    registers.get(index).extended(digest.value().toByteArray()))));
        }
        return registers.stream().map(RealmExtensibleMeasurement::value).toList();
    }

    private static Optional<LogDigest> digest(LogEvent event, HashAlgorithm algorithm) {
        int number = algorithm == HashAlgorithm.SHA_256 ? LogDigest.SHA_256 : LogDigest.SHA_512;
        return event.digests().stream()
                .filter(digest -> digest.algorithm() == number)
                .findFirst()
                .or(() -> event.digests().stream().findFirst());
    }

    private void carryOut(RealmEvent event) {
        switch (event) {
            case RamInitialized ram -> initialize(ram);
            case ImageLoaded image -> load(image);
            case RecCreated rec ->
                rim.extendRec(new RecParams(RecParams.FLAG_RUNNABLE, 0, rec.pc(), rec.registers(), 0, List.of()));
            case Created ignored -> throw new EventLogException.Incomplete("a Realm is created twice (expected: once)");
            case Monitor ignored -> {}
        }
    }

    private void initialize(RamInitialized ram) {
        requireInside("RAM", ram.base(), ram.size());
        if ((ram.base() | ram.size()) % RttGeometry.PAGE != 0 || ram.size() == 0) {
            throw new EventLogException.Malformed(
                    "RAM at 0x%x of %d bytes (expected: whole pages)".formatted(ram.base(), ram.size()));
        }
        rim.extendRipas(geometry, ram.base(), ram.base() + ram.size());
    }

    private void load(ImageLoaded image) {
        requireInside(image.description(), image.base(), image.size());
        requireRoom(image.size());
        if (image.digests().isEmpty()) {
            long top = (image.base() + image.size() + RttGeometry.PAGE - 1) & -RttGeometry.PAGE;
            rim.extendUnmeasuredContent(
                    new IntermediatePhysicalAddress(image.base() & -RttGeometry.PAGE),
                    new IntermediatePhysicalAddress(top));
            return;
        }
        PageSource content = image.digests().stream()
                .map(digest -> images.get(digest.value()))
                .filter(Objects::nonNull)
                .findFirst()
                .orElseThrow(() -> new EventLogException.UnknownImage("%s at 0x%x with digest %s"
                        .formatted(
                                image.description(),
                                image.base(),
                                image.digests().getFirst().value().hex())));
        if (content.size() != image.size()) {
            throw new EventLogException.Malformed("%s of %d bytes (expected: %d, as the reference image has)"
                    .formatted(image.description(), image.size(), content.size()));
        }
        rim.extendContent(new IntermediatePhysicalAddress(image.base()), content);
    }

    private void requireRoom(long bytes) {
        loadedBytes += bytes;
        if (loadedBytes > MAX_LOADED_BYTES) {
            throw new EventLogException.Malformed("more than %d bytes are loaded".formatted(MAX_LOADED_BYTES));
        }
    }

    private void requireInside(String what, long base, long size) {
        long top = geometry.protectedTop();
        if (base < 0 || size < 0 || base > top - size) {
            throw new EventLogException.Malformed(
                    "%s at 0x%x of %d bytes (expected: below 0x%x)".formatted(what, base, size, top));
        }
    }
}
