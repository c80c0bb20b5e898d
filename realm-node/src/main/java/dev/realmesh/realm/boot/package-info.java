// SPDX-License-Identifier: Apache-2.0

/// From the first instruction to the last: [dev.realmesh.realm.boot.RealmBoot] checks what the Realm was personalised
/// with, opens the link to the host, serves the agent and powers the Realm off.
@NullMarked
package dev.realmesh.realm.boot;

import org.jspecify.annotations.NullMarked;
