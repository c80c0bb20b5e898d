// SPDX-License-Identifier: Apache-2.0

/// The program inside a Realm. Everything from outside is hostile: the host carries its calls, delivers its initdata
/// and
/// asks for its work, and may do so wrongly. Start at [dev.realmesh.realm.boot.RealmBoot], then
/// [dev.realmesh.realm.container.RunContainer].
@NullMarked
package dev.realmesh.realm;

import org.jspecify.annotations.NullMarked;
