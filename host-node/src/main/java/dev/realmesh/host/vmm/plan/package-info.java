// SPDX-License-Identifier: Apache-2.0

/// Boot plans: what a virtual machine monitor does to build a Realm, as data. The packages of the monitors make them
/// from
/// command lines; [dev.realmesh.host.vmm.plan.OfflineMeasurement] computes the RIM of one, and
/// [dev.realmesh.host.vmm.RealmHost] builds a Realm by one.
///
/// Start at [dev.realmesh.host.vmm.plan.BootPlan].
@NullMarked
package dev.realmesh.host.vmm.plan;

import org.jspecify.annotations.NullMarked;
