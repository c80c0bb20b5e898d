// SPDX-License-Identifier: Apache-2.0

/// The untrusted host's virtual machine monitor: lays a guest out in the Realm's memory as a VMM of the field would,
/// and drives the RMM by RMI calls to build, run and take down that Realm. It never sees what is inside.
///
/// Start at [dev.realmesh.host.vmm.QemuPlan] (what is loaded where), then [dev.realmesh.host.vmm.BootPlan] (the
/// operations, in order) and its two users: [dev.realmesh.host.vmm.OfflineMeasurement], which computes the RIM, and
/// [dev.realmesh.host.vmm.RealmMachine], which builds the Realm.
@NullMarked
package dev.realmesh.host.vmm;

import org.jspecify.annotations.NullMarked;
