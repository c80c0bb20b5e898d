// SPDX-License-Identifier: Apache-2.0

/// The Realm Services Interface and PSCI: what a Realm asks of the RMM by SMC. One class a command; start at
/// [dev.realmesh.host.rmm.rsi.RealmCalls].
@NullMarked
package dev.realmesh.host.rmm.rsi;

import org.jspecify.annotations.NullMarked;
