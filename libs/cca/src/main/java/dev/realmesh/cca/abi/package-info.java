// SPDX-License-Identifier: Apache-2.0

/// The binary interface of the Realm Management Monitor, DEN0137 version 1.0: function numbers of RMI (host to RMM),
/// RSI (Realm to RMM) and PSCI, status codes, and the records that travel in 4 KiB pages. No behaviour. Start at
/// [dev.realmesh.cca.abi.RmiCommand], [dev.realmesh.cca.abi.RealmParams] and [dev.realmesh.cca.abi.RecExit].
///
/// Addresses are bare `long` in these records alone, as they are in registers and pages; everywhere else they are
/// [dev.realmesh.cca.abi.PhysicalAddress] or [dev.realmesh.cca.abi.IntermediatePhysicalAddress].
@NullMarked
package dev.realmesh.cca.abi;

import org.jspecify.annotations.NullMarked;
