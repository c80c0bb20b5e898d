// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.attestation.endorsement;

import dev.realmesh.cca.Bytes;
import dev.realmesh.cca.corim.PlatformReference;
import dev.realmesh.cca.corim.RealmReference;
import dev.realmesh.cca.cose.CoseKey;
import java.util.List;
import java.util.Optional;

/// What endorsers say that holds now: stored CoRIMs, or some that are at hand.
public interface Endorsements {
    /// The key of a platform.
    Optional<CoseKey> trustAnchor(Bytes implementationId, Bytes instanceId);

    /// The reference values of a kind of platform, oldest first.
    List<PlatformReference> platformReferences(Bytes implementationId);

    /// The reference values of a Realm image, oldest first.
    List<RealmReference> realmReferences(Bytes rim);
}
