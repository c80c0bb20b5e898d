// SPDX-License-Identifier: Apache-2.0

/// The Realm Services Interface from inside the Realm: what the monitor answers about this Realm and signs for it.
/// Start
/// at [dev.realmesh.realm.rsi.RsiClient]; [dev.realmesh.realm.rsi.Conduit] is the CPU's SMC instruction and the Realm's
/// own loads and stores.
@NullMarked
package dev.realmesh.realm.rsi;

import org.jspecify.annotations.NullMarked;
