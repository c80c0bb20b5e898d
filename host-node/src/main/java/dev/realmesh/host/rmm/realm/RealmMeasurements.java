// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.host.rmm.realm;

import dev.realmesh.cca.Digest;
import dev.realmesh.cca.abi.HashAlgorithm;
import dev.realmesh.cca.measurement.RealmExtensibleMeasurement;
import dev.realmesh.cca.measurement.RealmInitialMeasurement;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/// The measurements of a Realm: slot 0 is the RIM, slots 1 to 4 are the REMs.
public final class RealmMeasurements {
    /// Number of slots.
    public static final int SLOTS = 1 + RealmExtensibleMeasurement.COUNT;

    private final RealmInitialMeasurement initial;
    private final List<RealmExtensibleMeasurement> extensible;

    RealmMeasurements(RealmInitialMeasurement initial, HashAlgorithm algorithm) {
        this.initial = initial;
        this.extensible = new ArrayList<>(
                Collections.nCopies(RealmExtensibleMeasurement.COUNT, RealmExtensibleMeasurement.initial(algorithm)));
    }

    /// The RIM, to be extended while the Realm is NEW.
    public RealmInitialMeasurement initial() {
        return initial;
    }

    /// What slot `slot` holds.
    public Digest read(int slot) {
        return slot == 0 ? initial.value() : extensible.get(slot - 1).value();
    }

    /// Extends slot `slot`, 1 to 4.
    public void extend(int slot, byte[] extension) {
        extensible.set(slot - 1, extensible.get(slot - 1).extended(extension));
    }
}
