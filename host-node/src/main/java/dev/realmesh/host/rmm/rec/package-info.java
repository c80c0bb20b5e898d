// SPDX-License-Identifier: Apache-2.0

/// Realm execution contexts: the virtual processors of Realms, and what is between the host and each of them. Start at
/// [dev.realmesh.host.rmm.rec.Rec].
@NullMarked
package dev.realmesh.host.rmm.rec;

import org.jspecify.annotations.NullMarked;
