// SPDX-License-Identifier: Apache-2.0

/// The emulated machine: sparse physical memory behind granule protection checks and memory encryption, and the places
/// where processors and devices of a Realm plug in. Nothing else touches bytes of physical memory, and every access
/// names the physical address space that it goes through.
///
/// Start at [dev.realmesh.host.machine.Machine]; the untrusted host sees [dev.realmesh.host.machine.HostMemory] and
/// [dev.realmesh.host.machine.DeviceBoard] of it, a Realm's processor is a
/// [dev.realmesh.host.machine.RealmProcessor].
@NullMarked
package dev.realmesh.host.machine;

import org.jspecify.annotations.NullMarked;
