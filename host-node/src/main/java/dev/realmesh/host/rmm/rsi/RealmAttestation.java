// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.host.rmm.rsi;

import dev.realmesh.cca.Bytes;
import dev.realmesh.host.rmm.realm.Realm;

/// Makes attestation tokens for Realms.
@FunctionalInterface
public interface RealmAttestation {
    /// The CCA token of `realm` over `challenge`; the lock of the Realm's descriptor is held.
    Bytes token(Realm realm, Bytes challenge);
}
