// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.cca.corim;

import dev.realmesh.cca.Bytes;
import dev.realmesh.cca.cose.CborLimits;
import dev.realmesh.cca.cose.CborMap;
import dev.realmesh.cca.cose.CborValue;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;

/// A concise module identifier: a named set of triples.
///
/// @param tagId its name; the 32 hexadecimal digits of it if it is a UUID in bytes
/// @param triples what it states, at least one triple
public record Comid(String tagId, List<Triple> triples) {
    static final int TAG = 506;
    private static final int TAG_IDENTITY = 1;
    private static final int TRIPLES = 4;
    private static final int TAG_ID = 0;
    private static final int REFERENCE = 0;
    private static final int ATTEST_KEY = 3;

    public Comid {
        triples = List.copyOf(triples);
        if (tagId.isEmpty() || triples.isEmpty()) {
            throw new CorimException.Invalid("CoMID", triples.size() + " triples", "a tag id and a triple");
        }
    }

    static Comid read(CborValue element, CorimProfile profile) {
        CborMap map = CborValue.decode(element.asTagged(TAG, "CoMID").asBytes("CoMID"), CborLimits.ENDORSEMENTS)
                .asMap("CoMID");
        CborMap stated = map.get(TRIPLES, "CoMID triples").asMap("CoMID triples");
        List<Triple> triples = new ArrayList<>();
        for (CborMap.Entry entry : stated.entries()) {
            BiFunction<Environment, List<CborValue>, Triple> reader =
                    reader(entry.key().asLong("triple type"), profile);
            for (CborValue triple : entry.value().asArray("triples")) {
                List<CborValue> pair = triple.asArray("triple");
                if (pair.size() != 2) {
                    throw new CorimException.Invalid("triple", "array of " + pair.size(), "environment and values");
                }
                triples.add(reader.apply(
                        new Environment(pair.getFirst().asMap("environment")),
                        pair.getLast().asArray("triple values")));
            }
        }
        return new Comid(tagId(map), triples);
    }

    CborValue toCbor() {
        List<CborValue> references = new ArrayList<>();
        List<CborValue> keys = new ArrayList<>();
        for (Triple triple : triples) {
            switch (triple) {
                case PlatformReference reference -> references.add(reference.toCbor());
                case RealmReference reference -> references.add(reference.toCbor());
                case TrustAnchor anchor -> keys.add(anchor.toCbor());
            }
        }
        CborMap.Builder stated = CborMap.builder();
        if (!references.isEmpty()) {
            stated.put(REFERENCE, new CborValue.Array(references));
        }
        if (!keys.isEmpty()) {
            stated.put(ATTEST_KEY, new CborValue.Array(keys));
        }
        CborMap map = CborMap.builder()
                .put(
                        TAG_IDENTITY,
                        CborMap.builder().put(TAG_ID, CborValue.of(tagId)).build())
                .put(TRIPLES, stated.build())
                .build();
        return new CborValue.Tagged(TAG, CborValue.of(map.encode()));
    }

    private static String tagId(CborMap map) {
        CborValue id = map.get(TAG_IDENTITY, "CoMID tag-identity")
                .asMap("CoMID tag-identity")
                .get(TAG_ID, "CoMID tag-id");
        if (id instanceof CborValue.Text text) {
            return text.value();
        }
        Bytes uuid = id.asBytes("CoMID tag-id");
        if (uuid.size() != 16) {
            throw new CorimException.Invalid("CoMID tag-id", uuid.size() + " bytes", "a UUID or a text");
        }
        return uuid.hex();
    }

    private static BiFunction<Environment, List<CborValue>, Triple> reader(long type, CorimProfile profile) {
        if (profile == CorimProfile.REALM && type == REFERENCE) {
            return RealmReference::read;
        }
        if (profile == CorimProfile.PLATFORM && type == REFERENCE) {
            return PlatformReference::read;
        }
        if (profile == CorimProfile.PLATFORM && type == ATTEST_KEY) {
            return TrustAnchor::read;
        }
        throw new CorimException.Invalid("triple type", Long.toString(type), "one of the profile " + profile.uri());
    }
}
