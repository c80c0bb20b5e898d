// SPDX-License-Identifier: Apache-2.0

/// What an emulated processing element really runs: the guest, read back out of Realm memory and started as a process
/// that sees nothing of the host.
///
/// Start at [dev.realmesh.host.machine.guest.GuestProcess]; [dev.realmesh.host.machine.guest.GuestKernel] is the format
/// of its kernel, [dev.realmesh.host.machine.guest.InitrdUnpacker] reads its user space, and
/// [dev.realmesh.host.machine.guest.Sandbox] is the wall around it.
@NullMarked
package dev.realmesh.host.machine.guest;

import org.jspecify.annotations.NullMarked;
