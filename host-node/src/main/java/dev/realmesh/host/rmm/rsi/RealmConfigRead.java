// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.host.rmm.rsi;

import dev.realmesh.cca.abi.IntermediatePhysicalAddress;
import dev.realmesh.cca.abi.RealmConfig;
import dev.realmesh.cca.abi.RsiStatus;
import dev.realmesh.host.machine.Registers;
import dev.realmesh.host.rmm.realm.Realm;
import dev.realmesh.host.rmm.rec.Rec;

/// RSI_REALM_CONFIG: writes what the Realm was created with into a page of it.
final class RealmConfigRead implements RealmCall {
    @Override
    public Outcome call(Rec rec, Registers registers) {
        Realm realm = rec.realm();
        IntermediatePhysicalAddress page = new IntermediatePhysicalAddress(registers.x(1));
        return RealmBuffer.obstacle(realm, page, IntermediatePhysicalAddress.PAGE_SIZE)
                .orElseGet(() -> {
                    RealmBuffer.store(realm, page, configOf(realm).encode());
                    return Outcome.of(RsiStatus.SUCCESS);
                });
    }

    private static RealmConfig configOf(Realm realm) {
        return new RealmConfig(
                realm.translation().space().width(), realm.hashAlgorithm(), realm.personalizationValue());
    }
}
