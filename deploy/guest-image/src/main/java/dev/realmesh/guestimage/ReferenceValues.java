// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.guestimage;

import dev.realmesh.cca.Bytes;
import dev.realmesh.cca.Digest;
import dev.realmesh.cca.corim.Corim;
import dev.realmesh.cca.corim.CorimProfile;
import dev.realmesh.cca.corim.RealmReference;
import dev.realmesh.host.launch.BootSource;
import dev.realmesh.host.launch.RealmShape;
import dev.realmesh.host.vmm.plan.OfflineMeasurement;
import dev.realmesh.host.vmm.plan.PlannedRealm;
import java.util.List;
import java.util.Optional;

/// What a verifier holds Realms of a guest image to. It comes from the build and from nothing else: no Realm was
/// observed.
///
/// @param shape the Realm's shape
/// @param source the guest image, and how the Realm boots
/// @param rim the RIM of such a Realm
/// @param rem0 its REM\[0], if firmware measures into it before anything else runs
public record ReferenceValues(RealmShape shape, BootSource source, Digest rim, Optional<Digest> rem0) {
    /// Computes the values of Realms that boot so.
    public static ReferenceValues of(BootSource source, RealmShape shape) {
        PlannedRealm realm = source.plan(shape);
        Optional<Digest> rem0 = realm.extensions().isEmpty()
                ? Optional.empty()
                : Optional.of(OfflineMeasurement.registers(realm.plan(), realm.extensions())
                        .getFirst());
        return new ReferenceValues(shape, source, OfflineMeasurement.of(realm.plan()), rem0);
    }

    /// Values as an unsigned CoRIM of the Arm CCA Realm profile; whoever hands it to a verifier answers for it.
    public static Bytes corim(List<ReferenceValues> values) {
        String id = "realmesh-guest-" + values.getFirst().rim.hex().substring(0, 16);
        List<RealmReference> references =
                values.stream().map(ReferenceValues::reference).toList();
        return Corim.of(id, CorimProfile.REALM, references).encode();
    }

    private RealmReference reference() {
        RealmReference reference = RealmReference.ofRim(bytes(rim));
        return rem0.map(rem -> reference.withRems(List.of(bytes(rem)))).orElse(reference);
    }

    private static Bytes bytes(Digest digest) {
        return Bytes.copyOf(digest.toByteArray());
    }
}
