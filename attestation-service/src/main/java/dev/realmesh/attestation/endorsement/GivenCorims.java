// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.attestation.endorsement;

import dev.realmesh.cca.Bytes;
import dev.realmesh.cca.corim.Corim;
import dev.realmesh.cca.corim.PlatformReference;
import dev.realmesh.cca.corim.RealmReference;
import dev.realmesh.cca.corim.Triple;
import dev.realmesh.cca.corim.TrustAnchor;
import dev.realmesh.cca.cose.CoseKey;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// CoRIMs at hand, without a store.
///
/// @param corims oldest first; outside its validity one is not used
/// @param now the instant that validity is compared with
public record GivenCorims(List<Corim> corims, Instant now) implements Endorsements {
    public GivenCorims {
        corims = List.copyOf(corims);
    }

    @Override
    public Optional<CoseKey> trustAnchor(Bytes implementationId, Bytes instanceId) {
        Subject subject = new Subject(Subject.Kind.TRUST_ANCHOR, implementationId, instanceId);
        return find(subject, TrustAnchor.class).stream().map(TrustAnchor::key).findFirst();
    }

    @Override
    public List<PlatformReference> platformReferences(Bytes implementationId) {
        return find(
                new Subject(Subject.Kind.PLATFORM_REFERENCE, implementationId, Bytes.EMPTY), PlatformReference.class);
    }

    @Override
    public List<RealmReference> realmReferences(Bytes rim) {
        return find(new Subject(Subject.Kind.REALM_REFERENCE, rim, Bytes.EMPTY), RealmReference.class);
    }

    private <T extends Triple> List<T> find(Subject subject, Class<T> type) {
        return corims.stream()
                .filter(corim -> corim.validity().contains(now))
                .flatMap(corim -> subject.in(corim).stream())
                .map(type::cast)
                .toList();
    }
}
