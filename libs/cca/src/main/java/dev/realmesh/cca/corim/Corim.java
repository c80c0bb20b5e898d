// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.cca.corim;

import dev.realmesh.cca.Bytes;
import dev.realmesh.cca.cose.CborException;
import dev.realmesh.cca.cose.CborLimits;
import dev.realmesh.cca.cose.CborMap;
import dev.realmesh.cca.cose.CborValue;
import java.util.ArrayList;
import java.util.List;

/// A concise reference integrity manifest (CBOR tag 501) of an Arm CCA profile.
///
/// @param id its name
/// @param profile which triples it may hold
/// @param validity when it may be used
/// @param tags its CoMIDs, at least one
public record Corim(String id, CorimProfile profile, Validity validity, List<Comid> tags) {
    private static final int TAG = 501;
    private static final int ID = 0;
    private static final int TAGS = 1;
    private static final int PROFILE = 3;
    private static final int RIM_VALIDITY = 4;
    private static final int UUID = 37;
    private static final int URI = 32;

    public Corim {
        tags = List.copyOf(tags);
        if (id.isEmpty() || tags.isEmpty()) {
            throw new CorimException.Invalid("CoRIM", tags.size() + " tags", "an id and a tag");
        }
    }

    /// A CoRIM of one CoMID that bears its name, valid always.
    public static Corim of(String id, CorimProfile profile, List<? extends Triple> triples) {
        return new Corim(id, profile, Validity.ALWAYS, List.of(new Comid(id, List.copyOf(triples))));
    }

    /// Reads an unsigned CoRIM of at most 4 MiB.
    ///
    /// @throws CorimException if it is none, or breaks a rule of its profile
    public static Corim decode(Bytes encoded) {
        try {
            CborMap map = CborValue.decode(encoded, CborLimits.ENDORSEMENTS)
                    .asTagged(TAG, "CoRIM")
                    .asMap("CoRIM");
            String uri = map.get(PROFILE, "CoRIM profile")
                    .asTagged(URI, "CoRIM profile")
                    .asText("CoRIM profile");
            CorimProfile profile = CorimProfile.ofUri(uri);
            List<Comid> tags = new ArrayList<>();
            for (CborValue tag : map.get(TAGS, "CoRIM tags").asArray("CoRIM tags")) {
                tags.add(Comid.read(tag, profile));
            }
            return new Corim(
                    id(map.get(ID, "CoRIM id")),
                    profile,
                    Validity.find(map, RIM_VALIDITY).orElse(Validity.ALWAYS),
                    tags);
        } catch (CborException e) {
            throw new CorimException.Malformed("CoRIM", e);
        }
    }

    /// The unsigned CoRIM.
    public Bytes encode() {
        CborMap.Builder map = CborMap.builder()
                .put(ID, CborValue.of(id))
                .put(TAGS, new CborValue.Array(tags.stream().map(Comid::toCbor).toList()))
                .put(PROFILE, new CborValue.Tagged(URI, CborValue.of(profile.uri())));
        if (!validity.equals(Validity.ALWAYS)) {
            map.put(RIM_VALIDITY, validity.toCbor());
        }
        return new CborValue.Tagged(TAG, map.build()).encode();
    }

    /// All that it states.
    public List<Triple> triples() {
        return tags.stream().flatMap(tag -> tag.triples().stream()).toList();
    }

    private static String id(CborValue value) {
        if (value instanceof CborValue.Tagged) {
            return value.asTagged(UUID, "CoRIM id").asBytes("CoRIM id").hex();
        }
        return value.asText("CoRIM id");
    }
}
