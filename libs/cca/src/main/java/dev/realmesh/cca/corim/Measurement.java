// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.cca.corim;

import dev.realmesh.cca.Bytes;
import dev.realmesh.cca.cose.CborMap;
import dev.realmesh.cca.cose.CborValue;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// A measurement map: a name and values. A value that the profile does not define is refused: to ignore it would
/// endorse more than was meant.
///
/// @param key the mkey, a text
/// @param values the mval
record Measurement(String key, CborMap values) {
    static final int VERSION = 0;
    static final int DIGESTS = 2;
    static final int RAW_VALUE = 4;
    static final int RAW_VALUE_MASK = 5;
    static final int NAME = 11;
    static final int CRYPTO_KEYS = 13;
    private static final int MKEY = 0;
    private static final int MVAL = 1;

    static Measurement read(CborValue value) {
        CborMap map = value.asMap("measurement");
        CborValue key = map.find(MKEY).orElseThrow(() -> new CorimException.Invalid("mkey", "absent", "a text"));
        return new Measurement(key.asText("mkey"), map.get(MVAL, "mval").asMap("mval"));
    }

    CborMap toCbor() {
        return CborMap.builder().put(MKEY, CborValue.of(key)).put(MVAL, values).build();
    }

    Measurement requireOnly(Integer... labels) {
        Set<Integer> known = Set.of(labels);
        for (CborMap.Entry entry : values.entries()) {
            if (!(entry.key() instanceof CborValue.Int label) || !known.contains((int) label.value())) {
                throw new CorimException.Invalid(
                        key + " value " + entry.key(), entry.value().kind(), "none");
            }
        }
        return this;
    }

    List<ReferenceDigest> digests() {
        List<ReferenceDigest> digests = values
                .find(DIGESTS)
                .orElseThrow(() -> new CorimException.Invalid(key + " digests", "absent", "mandatory"))
                .asArray(key + " digests")
                .stream()
                .map(ReferenceDigest::read)
                .toList();
        if (digests.isEmpty()) {
            throw new CorimException.Invalid(key + " digests", "none", "at least one");
        }
        return digests;
    }

    Bytes onlyDigest() {
        List<ReferenceDigest> digests = digests();
        if (digests.size() != 1) {
            throw new CorimException.Invalid(key + " digests", Integer.toString(digests.size()), "1");
        }
        return digests.getFirst().value();
    }

    Bytes rawValue() {
        String what = key + " raw-value";
        return values.find(RAW_VALUE)
                .orElseThrow(() -> new CorimException.Invalid(what, "absent", "mandatory"))
                .asTagged(Environment.TAGGED_BYTES, what)
                .asBytes(what);
    }

    Optional<CborValue> value(int label) {
        return values.find(label);
    }
}
