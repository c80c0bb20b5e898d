// SPDX-License-Identifier: Apache-2.0

/// The untrusted host's virtual machine monitor: lays a guest out in the Realm's memory as a VMM of the field would,
/// and drives the RMM by RMI calls to build, run and take down that Realm. It never sees what is inside.
///
/// Start at [dev.realmesh.host.vmm.plan], which says what is loaded where and in which order; [RealmHost] here builds
/// Realms by it, and [RealmMachine] runs them.
@NullMarked
package dev.realmesh.host.vmm;

import org.jspecify.annotations.NullMarked;
