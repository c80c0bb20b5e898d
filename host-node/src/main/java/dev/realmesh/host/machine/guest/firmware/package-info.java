// SPDX-License-Identifier: Apache-2.0

/// The firmware of a Realm that boots by it, and how a processor runs it: it fetches kernel and initrd from the host,
/// measures them into REM\[0], tells of them in the log, and starts the kernel. Like the guest's, its bytes are read
/// back out of Realm memory.
///
/// Start at [dev.realmesh.host.machine.guest.firmware.BootFirmware], which is all that it does;
/// [dev.realmesh.host.machine.guest.firmware.GuestFirmware] is the format of its image, and
/// [dev.realmesh.host.machine.guest.firmware.BootProcessor] the processor that goes through both.
@NullMarked
package dev.realmesh.host.machine.guest.firmware;

import org.jspecify.annotations.NullMarked;
