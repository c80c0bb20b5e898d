// SPDX-License-Identifier: Apache-2.0

/// Realms: what belongs to one, its state, its measurements. Start at [dev.realmesh.host.rmm.realm.Realm].
@NullMarked
package dev.realmesh.host.rmm.realm;

import org.jspecify.annotations.NullMarked;
