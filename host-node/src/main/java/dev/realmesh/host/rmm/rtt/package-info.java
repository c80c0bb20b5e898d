// SPDX-License-Identifier: Apache-2.0

/// Realm translation tables: what each IPA of a Realm is and where it leads. Start at
/// [dev.realmesh.host.rmm.rtt.RealmTranslation].
@NullMarked
package dev.realmesh.host.rmm.rtt;

import org.jspecify.annotations.NullMarked;
