// SPDX-License-Identifier: Apache-2.0

/// The untrusted host's virtual machine monitor: lays a guest out in the Realm's memory as a VMM of the field would,
/// and drives the RMM by RMI calls to build, run and take down that Realm. It never sees what is inside.
///
/// Start at [VirtualMachineMonitor], which plans a Realm from the command line of kvmtool, QEMU or Cloud Hypervisor:
/// [dev.realmesh.host.vmm.plan] says what a plan is. [RealmHost] builds Realms by plans, and [RealmMachine] runs them.
@NullMarked
package dev.realmesh.host.vmm;

import org.jspecify.annotations.NullMarked;
