// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.guestimage;

import dev.realmesh.cca.Bytes;
import dev.realmesh.cca.Digest;
import dev.realmesh.cca.corim.Corim;
import dev.realmesh.cca.corim.CorimProfile;
import dev.realmesh.cca.corim.RealmReference;
import dev.realmesh.host.launch.RealmShape;
import dev.realmesh.host.vmm.GuestImage;
import dev.realmesh.host.vmm.plan.OfflineMeasurement;
import java.nio.file.Path;
import java.util.List;

/// What a verifier holds Realms of a guest image to. It comes from the build and from nothing else: no Realm was
/// observed.
///
/// @param shape the Realm's shape
/// @param rim the RIM of a Realm of that shape
public record ReferenceValues(RealmShape shape, Digest rim) {
    /// Computes the values of the image in `folder`.
    public static ReferenceValues of(Path folder, RealmShape shape) {
        return new ReferenceValues(shape, OfflineMeasurement.of(shape.plan(GuestImage.open(folder))));
    }

    /// The values as an unsigned CoRIM of the Arm CCA Realm profile; whoever hands it to a verifier answers for it.
    public Bytes corim() {
        RealmReference reference = RealmReference.ofRim(Bytes.copyOf(rim.toByteArray()));
        String id = "realmesh-guest-" + rim.hex().substring(0, 16);
        return Corim.of(id, CorimProfile.REALM, List.of(reference)).encode();
    }
}
