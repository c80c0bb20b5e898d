// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.cca.corim;

import dev.realmesh.cca.Bytes;
import dev.realmesh.cca.cose.CborMap;
import dev.realmesh.cca.cose.CborValue;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/// Reference values of one Realm image.
///
/// @param rim the RIM that evidence is looked up by
/// @param rimDigest the RIM that is endorsed; the same, unless whoever made the CoRIM was mistaken
/// @param rems the endorsed REMs by index, 0 to 3; an absent one may be anything
/// @param rpvs the endorsed RPV: one, or none if it may be anything; only one of 64 bytes is ever met
public record RealmReference(Bytes rim, Bytes rimDigest, SortedMap<Integer, Bytes> rems, List<Bytes> rpvs)
        implements Triple {
    static final String RIM = "cca.rim";
    static final String REM = "cca.rem";
    static final String RPV = "cca.rpv";
    private static final int REM_COUNT = 4;

    public RealmReference {
        rems = Collections.unmodifiableSortedMap(new TreeMap<>(rems));
        rpvs = List.copyOf(rpvs);
        if (rim.size() != 32 && rim.size() != 48 && rim.size() != 64) {
            throw new CorimException.Invalid("RIM", rim.size() + " bytes", "32, 48 or 64");
        }
        if (rems.keySet().stream().anyMatch(index -> index < 0 || index >= REM_COUNT)) {
            throw new CorimException.Invalid("REM index", rems.keySet().toString(), "0 to 3");
        }
        rems.values().forEach(ReferenceDigest::sha2);
        if (rpvs.size() > 1) {
            throw new CorimException.Invalid("RPV", rpvs.size() + " values", "at most one");
        }
    }

    /// A Realm whose RIM alone is endorsed.
    public static RealmReference ofRim(Bytes rim) {
        return new RealmReference(rim, rim, new TreeMap<>(), List.of());
    }

    /// This, with an endorsed RPV of 64 bytes.
    public RealmReference withRpv(Bytes rpv) {
        return new RealmReference(rim, rimDigest, rems, List.of(rpv));
    }

    /// This, with endorsed REMs: `values` are REM 0 and on.
    public RealmReference withRems(List<Bytes> values) {
        SortedMap<Integer, Bytes> indexed = new TreeMap<>();
        for (int i = 0; i < values.size(); i++) {
            indexed.put(i, values.get(i));
        }
        return new RealmReference(rim, rimDigest, indexed, rpvs);
    }

    /// Whether it endorses the RIM that it is looked up by.
    public boolean isConsistent() {
        return rimDigest.equals(rim);
    }

    /// Whether a Realm may have this RPV.
    public boolean admitsRpv(Bytes rpv) {
        return rpvs.stream().allMatch(rpv::equals);
    }

    /// Whether a Realm may have these REMs, of which there are four.
    public boolean admitsRems(List<Bytes> values) {
        return rems.entrySet().stream()
                .allMatch(endorsed -> values.get(endorsed.getKey()).equals(endorsed.getValue()));
    }

    static RealmReference read(Environment environment, List<CborValue> measurements) {
        Bytes rim = environment.requireNoInstance().classId();
        Map<String, Bytes> values = new TreeMap<>();
        for (CborValue value : measurements) {
            Measurement measurement = Measurement.read(value);
            if (values.put(measurement.key(), readValue(measurement)) != null) {
                throw new CorimException.Invalid(measurement.key(), "twice", "once");
            }
        }
        Bytes digest = Optional.ofNullable(values.get(RIM))
                .orElseThrow(() -> new CorimException.Invalid(RIM, "absent", "mandatory"));
        SortedMap<Integer, Bytes> rems = new TreeMap<>();
        for (int i = 0; i < REM_COUNT; i++) {
            int index = i;
            Optional.ofNullable(values.get(REM + i)).ifPresent(rem -> rems.put(index, rem));
        }
        return new RealmReference(
                rim, digest, rems, Optional.ofNullable(values.get(RPV)).stream().toList());
    }

    CborValue toCbor() {
        List<CborValue> measurements = new ArrayList<>();
        measurements.add(digest(RIM, rimDigest));
        rems.forEach((index, rem) -> measurements.add(digest(REM + index, rem)));
        rpvs.forEach(rpv -> measurements.add(raw(rpv)));
        return CborValue.arrayOf(Environment.ofClass(rim), new CborValue.Array(measurements));
    }

    private static Bytes readValue(Measurement measurement) {
        return switch (measurement.key()) {
            case RIM, REM + "0", REM + "1", REM + "2", REM + "3" ->
                measurement.requireOnly(Measurement.DIGESTS).onlyDigest();
            case RPV -> measurement.requireOnly(Measurement.RAW_VALUE).rawValue();
            default ->
                throw new CorimException.Invalid("mkey", measurement.key(), "cca.rim, cca.rem0 to cca.rem3 or cca.rpv");
        };
    }

    private static CborMap digest(String key, Bytes value) {
        return new Measurement(
                        key,
                        CborMap.builder()
                                .put(
                                        Measurement.DIGESTS,
                                        CborValue.arrayOf(
                                                ReferenceDigest.sha2(value).toCbor()))
                                .build())
                .toCbor();
    }

    private static CborMap raw(Bytes value) {
        return new Measurement(
                        RPV,
                        CborMap.builder()
                                .put(
                                        Measurement.RAW_VALUE,
                                        new CborValue.Tagged(Environment.TAGGED_BYTES, CborValue.of(value)))
                                .build())
                .toCbor();
    }
}
