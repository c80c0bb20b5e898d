// SPDX-License-Identifier: Apache-2.0

/// host-node: an Arm CCA machine in software and the untrusted host that runs on it. The machine, its firmware and its
/// RMM
/// are in [dev.realmesh.host.machine], [dev.realmesh.host.firmware] and [dev.realmesh.host.rmm]; the host builds Realms
/// in [dev.realmesh.host.vmm] and runs workloads in them in [dev.realmesh.host.launch].
///
/// Start at [dev.realmesh.host.Host], which puts them together.
@NullMarked
package dev.realmesh.host;

import org.jspecify.annotations.NullMarked;
