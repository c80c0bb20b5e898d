// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.host.rmm.rsi;

import dev.realmesh.cca.abi.IntermediatePhysicalAddress;
import dev.realmesh.cca.abi.Ripas;
import dev.realmesh.cca.abi.RsiStatus;
import dev.realmesh.host.rmm.realm.Realm;
import dev.realmesh.host.rmm.rtt.IpaSpace;
import dev.realmesh.host.rmm.rtt.RttEntry;
import dev.realmesh.host.rmm.rtt.RttWalk;
import java.util.Optional;

/// A buffer in a Realm's own memory that a command names.
final class RealmBuffer {
    private RealmBuffer() {}

    /// Whether the buffer is where one may be, mapped or not.
    static boolean isPlausible(Realm realm, IntermediatePhysicalAddress ipa, int alignment) {
        return ipa.isAligned(alignment) && realm.translation().space().isProtected(ipa);
    }

    /// Why the RMM cannot use the buffer; empty if it can.
    static Optional<Outcome> obstacle(Realm realm, IntermediatePhysicalAddress ipa, int alignment) {
        if (!isPlausible(realm, ipa, alignment)) {
            return Optional.of(Outcome.of(RsiStatus.ERROR_INPUT));
        }
        RttWalk walk = realm.translation().walk(ipa, IpaSpace.LAST_LEVEL);
        RttEntry entry = walk.entry();
        if (entry.ripas() == Ripas.EMPTY) {
            return Optional.of(Outcome.of(RsiStatus.ERROR_INPUT));
        }
        boolean mapped = entry instanceof RttEntry.Assigned && entry.ripas() == Ripas.RAM;
        return mapped ? Optional.empty() : Optional.of(new Outcome.Unmapped(ipa, walk.level()));
    }

    /// Writes to a buffer that has no obstacle.
    static void store(Realm realm, IntermediatePhysicalAddress ipa, byte[] data) {
        realm.memory().store(ipa, data, 0, data.length).ifPresent(fault -> {
            throw new IllegalStateException("buffer: " + fault + " (expected: mapped)");
        });
    }

    /// Reads from a buffer that has no obstacle.
    static byte[] load(Realm realm, IntermediatePhysicalAddress ipa, int length) {
        byte[] data = new byte[length];
        realm.memory().load(ipa, data, 0, length).ifPresent(fault -> {
            throw new IllegalStateException("buffer: " + fault + " (expected: mapped)");
        });
        return data;
    }
}
