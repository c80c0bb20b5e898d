// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.host.rmm.rmi;

import static dev.realmesh.host.rmm.rmi.Refusal.requireInput;

import dev.realmesh.cca.abi.IntermediatePhysicalAddress;
import dev.realmesh.host.rmm.realm.Realm;
import dev.realmesh.host.rmm.rtt.IpaSpace;

/// Conditions that commands on translation tables share.
final class RttArguments {
    private RttArguments() {}

    /// `ipa` is a page of the protected half.
    static void requireProtectedPage(Realm realm, IntermediatePhysicalAddress ipa) {
        requireInput(ipa.isPageAligned() && realm.translation().space().isProtected(ipa));
    }

    /// `level` may be that of a table below the start level, and `ipa` is where the entry of its parent begins.
    static void requireTable(Realm realm, IntermediatePhysicalAddress ipa, long level) {
        IpaSpace space = realm.translation().space();
        requireInput(level > space.startLevel() && level <= IpaSpace.LAST_LEVEL);
        requireEntry(space, ipa, (int) level - 1);
    }

    /// `ipa` exists and is where an entry of `level` begins.
    static void requireEntry(IpaSpace space, IntermediatePhysicalAddress ipa, int level) {
        requireInput(space.contains(ipa) && ipa.isAligned(IpaSpace.entrySize(level)));
    }

    /// `level` may hold a mapping of shared memory in this Realm, and `ipa` is where an entry of it begins in the
    /// shared half.
    static void requireSharedEntry(Realm realm, IntermediatePhysicalAddress ipa, long level) {
        IpaSpace space = realm.translation().space();
        requireInput(level >= Math.max(1, space.startLevel()) && level <= IpaSpace.LAST_LEVEL);
        requireEntry(space, ipa, (int) level);
        requireInput(!space.isProtected(ipa));
    }
}
