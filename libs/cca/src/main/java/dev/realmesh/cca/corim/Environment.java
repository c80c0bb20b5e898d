// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.cca.corim;

import dev.realmesh.cca.Bytes;
import dev.realmesh.cca.cose.CborMap;
import dev.realmesh.cca.cose.CborValue;
import java.util.Optional;

/// An environment map: what a triple is about. Here a class that is named by bytes, and maybe one instance of it.
///
/// @param map the environment as it was read
record Environment(CborMap map) {
    static final int TAGGED_BYTES = 560;
    static final int TAGGED_UEID = 550;
    private static final int CLASS = 0;
    private static final int INSTANCE = 1;
    private static final int GROUP = 2;
    private static final int CLASS_ID = 0;

    static CborMap ofClass(Bytes classId) {
        return CborMap.builder().put(CLASS, classMap(classId)).build();
    }

    static CborMap ofInstance(Bytes classId, Bytes ueid) {
        return CborMap.builder()
                .put(CLASS, classMap(classId))
                .put(INSTANCE, new CborValue.Tagged(TAGGED_UEID, CborValue.of(ueid)))
                .build();
    }

    /// The class id; a class that is narrowed by vendor, model or layer is refused, as it would be taken for the whole.
    Bytes classId() {
        CborMap about = map.find(CLASS)
                .orElseThrow(() -> new CorimException.Invalid("environment class", "absent", "mandatory"))
                .asMap("environment class");
        if (about.entries().size() != 1) {
            throw new CorimException.Invalid("environment class", "more than an id", "a class-id alone");
        }
        return about.get(CLASS_ID, "class-id")
                .asTagged(TAGGED_BYTES, "class-id")
                .asBytes("class-id");
    }

    Bytes instanceId() {
        CborValue instance = map.find(INSTANCE)
                .orElseThrow(() -> new CorimException.Invalid("environment instance", "absent", "mandatory"));
        Bytes ueid = instance.asTagged(TAGGED_UEID, "instance").asBytes("instance");
        if (ueid.size() != 33 || ueid.at(0) != 1) {
            throw new CorimException.Invalid("instance", ueid.size() + " bytes", "33 bytes, the first one 1");
        }
        return ueid;
    }

    Environment requireNoInstance() {
        return requireAbsent(INSTANCE, "environment instance").requireNoGroup();
    }

    Environment requireNoGroup() {
        return requireAbsent(GROUP, "environment group");
    }

    private Environment requireAbsent(int key, String what) {
        Optional<CborValue> found = map.find(key);
        if (found.isPresent()) {
            throw new CorimException.Invalid(what, found.get().kind(), "none");
        }
        return this;
    }

    private static CborMap classMap(Bytes classId) {
        return CborMap.builder()
                .put(CLASS_ID, new CborValue.Tagged(TAGGED_BYTES, CborValue.of(classId)))
                .build();
    }
}
