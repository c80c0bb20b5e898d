// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.host.rmm.rsi;

import dev.realmesh.host.machine.Registers;
import dev.realmesh.host.rmm.rec.Rec;

/// One command of the Realm, with the lock of the Realm's descriptor held.
@FunctionalInterface
interface RealmCall {
    /// Does what `rec` asks by `registers`.
    Outcome call(Rec rec, Registers registers);
}
