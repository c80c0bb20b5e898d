// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.attestation.endorsement;

import dev.realmesh.cca.Bytes;
import dev.realmesh.cca.corim.Corim;
import dev.realmesh.cca.corim.PlatformReference;
import dev.realmesh.cca.corim.RealmReference;
import dev.realmesh.cca.corim.Triple;
import dev.realmesh.cca.corim.TrustAnchor;
import java.util.List;

/// What a triple is about, and what it is looked up by.
///
/// @param kind what it says
/// @param classId the implementation id, or the RIM
/// @param instanceId the UEID of a trust anchor; else empty
record Subject(Kind kind, Bytes classId, Bytes instanceId) {
    /// What a triple says.
    enum Kind {
        TRUST_ANCHOR(1),
        PLATFORM_REFERENCE(2),
        REALM_REFERENCE(3);

        private final int number;

        Kind(int number) {
            this.number = number;
        }

        /// The number in the database.
        int number() {
            return number;
        }
    }

    static Subject of(Triple triple) {
        return switch (triple) {
            case TrustAnchor anchor -> new Subject(Kind.TRUST_ANCHOR, anchor.implementationId(), anchor.instanceId());
            case PlatformReference reference ->
                new Subject(Kind.PLATFORM_REFERENCE, reference.implementationId(), Bytes.EMPTY);
            case RealmReference reference -> new Subject(Kind.REALM_REFERENCE, reference.rim(), Bytes.EMPTY);
        };
    }

    /// What a CoRIM states about this.
    List<Triple> in(Corim corim) {
        return corim.triples().stream()
                .filter(triple -> of(triple).equals(this))
                .toList();
    }
}
