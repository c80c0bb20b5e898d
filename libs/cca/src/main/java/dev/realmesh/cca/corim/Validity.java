// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.cca.corim;

import dev.realmesh.cca.cose.CborMap;
import dev.realmesh.cca.cose.CborValue;
import java.time.Instant;
import java.util.Optional;

/// When something may be used, both ends included, to the second.
///
/// @param notBefore the first instant; [Instant#EPOCH] if it has always been valid
/// @param notAfter the last instant
public record Validity(Instant notBefore, Instant notAfter) {
    private static final Instant FOREVER = Instant.parse("9999-12-31T23:59:59Z");
    private static final int NOT_BEFORE = 0;
    private static final int NOT_AFTER = 1;
    private static final int EPOCH_TIME = 1;

    /// No limit.
    public static final Validity ALWAYS = new Validity(Instant.EPOCH, FOREVER);

    public Validity {
        if (notAfter.isBefore(notBefore)) {
            throw new CorimException.Invalid("validity", notBefore + " to " + notAfter, "an end after the start");
        }
    }

    /// Whether `instant` is inside.
    public boolean contains(Instant instant) {
        return !instant.isBefore(notBefore) && !instant.isAfter(notAfter);
    }

    /// Whether some instant is inside both.
    public boolean overlaps(Validity other) {
        return !notAfter.isBefore(other.notBefore) && !other.notAfter.isBefore(notBefore);
    }

    static Validity read(CborMap map) {
        Instant from = map.find(NOT_BEFORE).map(Validity::instant).orElse(ALWAYS.notBefore);
        Instant to = instant(map.get(NOT_AFTER, "validity not-after"));
        return new Validity(from, to);
    }

    static Optional<Validity> find(CborMap map, int label) {
        return map.find(label).map(value -> read(value.asMap("validity")));
    }

    CborMap toCbor() {
        CborMap.Builder map = CborMap.builder();
        if (!notBefore.equals(ALWAYS.notBefore)) {
            map.put(NOT_BEFORE, epoch(notBefore));
        }
        return map.put(NOT_AFTER, epoch(notAfter)).build();
    }

    private static Instant instant(CborValue value) {
        long seconds = value.asTagged(EPOCH_TIME, "time").asLong("time");
        if (seconds < 0 || seconds > FOREVER.getEpochSecond()) {
            throw new CorimException.Invalid("time", Long.toString(seconds), "seconds since 1970, before 10000");
        }
        return Instant.ofEpochSecond(seconds);
    }

    private static CborValue epoch(Instant instant) {
        return new CborValue.Tagged(EPOCH_TIME, CborValue.of(instant.getEpochSecond()));
    }
}
